const protobuf = require('protobufjs');

const lambda = async () => {
  const { root } = protobuf.parse('syntax = "proto3"; package p; enum Kind { NONE = 0; BIG = 1; } message Inner { bytes raw = 1; } message Outer { int32 id = 1; string name = 2; repeated double list = 3; map<string, Inner> inners = 4; oneof choice { bool yes = 5; Kind kind = 6; } sint64 big = 7; fixed32 f = 8; }', { keepCase: true });
  const Outer = root.lookupType('p.Outer');
  const message = Outer.fromObject({ id: -5, name: 'ü', list: [1.5, -2], inners: { k: { raw: Buffer.from('bytes') } }, kind: 'BIG', big: '-9007199254740991', f: 7 });
  const bytes = Outer.encode(message).finish();
  const read = Outer.decode(bytes);
  return [
    Buffer.from(bytes).toString('hex'), Outer.toObject(read, { enums: String, longs: String, bytes: String, oneofs: true, defaults: true }), Outer.verify({ id: 'x' }), read.choice, JSON.stringify(read), (() => { try { return Outer.decode(Buffer.from('0aff', 'hex')); } catch (error) { return error.message; } })(), root.lookupEnum('Kind').values, Outer.fieldsArray.map(({ name, id }) => [name, id]),
    (() => { try { return protobuf.parse('message {'); } catch (error) { return error.message; } })(), Outer.encodeDelimited({ id: 1 }).finish().length,
  ];
};
