// Why this file exists: as much of DER as the keys of WebCrypto need: SPKI and PKCS #8 of RSA and of curves, from
// their numbers and back. What is inside a key is checked by the natives that use it.
'use strict';
const { Buffer } = require('buffer');

const INTEGER = 0x02;
const BITS = 0x03;
const OCTETS = 0x04;
const NULL = 0x05;
const NAME = 0x06;
const SEQUENCE = 0x30;
const POINT = 0xa1;

const RSA = '2a864886f70d010101';
const CURVE = '2a8648ce3d0201';
// Kinds of keys that are their bytes and nothing else (RFC 8410).
const OCTET_KEYS = { __proto__: null, Ed25519: '2b6570', X25519: '2b656e' };
const CURVES = { __proto__: null, 'P-256': '2a8648ce3d030107', 'P-384': '2b81040022', 'P-521': '2b81040023' };

const part = (tag, ...bodies) => {
  const body = Buffer.concat(bodies);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, body]);
};
// A number that is not negative.
const integer = (digits) => {
  let at = 0;
  while (at < digits.length - 1 && digits[at] === 0) at++;
  const short = Buffer.from(digits).slice(at);
  return part(INTEGER, short[0] & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
};
const name = (hex) => part(NAME, Buffer.from(hex, 'hex'));
const bits = (body) => part(BITS, Buffer.from([0]), body);
const small = (number) => integer(Buffer.from([number]));
const rsaKind = () => part(SEQUENCE, name(RSA), part(NULL));
const curveKind = (curve) => part(SEQUENCE, name(CURVE), name(CURVES[curve]));

exports.rsaPublic = ({ n, e }) => part(SEQUENCE, rsaKind(), bits(part(SEQUENCE, integer(n), integer(e))));
exports.rsaPrivate = ({ n, e, d, p, q, dp, dq, qi }) =>
  part(SEQUENCE, small(0), rsaKind(), part(OCTETS, part(SEQUENCE, small(0), ...[n, e, d, p, q, dp, dq, qi].map(integer))));
exports.curvePublic = (curve, point) => part(SEQUENCE, curveKind(curve), bits(point));
exports.curvePrivate = (curve, scalar, point) =>
  part(SEQUENCE, small(0), curveKind(curve),
    part(OCTETS, part(SEQUENCE, small(1), part(OCTETS, scalar), part(POINT, bits(point)))));
const octetKind = (curve) => part(SEQUENCE, name(OCTET_KEYS[curve]));
exports.octetsPublic = (curve, point) => part(SEQUENCE, octetKind(curve), bits(point));
exports.octetsPrivate = (curve, scalar) =>
  part(SEQUENCE, small(0), octetKind(curve), part(OCTETS, part(OCTETS, scalar)));

// The parts of a sequence's body: [tag, body]...
const parts = (bytes) => {
  const found = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at++];
    let length = bytes[at++];
    if (length >= 0x80) {
      const size = length - 0x80;
      if (size < 1 || size > 4 || at + size > bytes.length) throw new Error('bad length');
      length = bytes.readUIntBE(at, size);
      at += size;
    }
    if (!(at + length <= bytes.length)) throw new Error('cut short');
    found.push([tag, bytes.slice(at, at + length)]);
    at += length;
  }
  return found;
};
const body = (found, tag) => {
  if (found === undefined || found[0] !== tag) throw new Error('another type was expected');
  return found[1];
};
const inside = (found) => parts(body(found, SEQUENCE));
const digits = (found) => {
  const number = body(found, INTEGER);
  return number.length > 1 && number[0] === 0 ? number.slice(1) : number;
};
const keyOf = (table, value) => Object.keys(table).find((known) => table[known] === value);
const kindOf = (found) => {
  const [which, parameter] = inside(found);
  const kind = body(which, NAME).toString('hex');
  if (kind === RSA) return { kind: 'rsa' };
  const octets = keyOf(OCTET_KEYS, kind);
  if (octets !== undefined) {
    if (parameter !== undefined) throw new Error('no parameters were expected');
    return { kind: 'octets', curve: octets };
  }
  const curve = kind === CURVE ? body(parameter, NAME).toString('hex') : undefined;
  return { kind: 'curve', curve: keyOf(CURVES, curve) };
};
const ofBits = (found) => body(found, BITS).slice(1);
const one = (bytes) => inside(parts(bytes)[0]);

// {kind: 'rsa', n, e} or {kind: 'curve' or 'octets', curve, point}; throws for anything else.
exports.readPublic = (bytes) => {
  const [kind, key] = one(bytes);
  const known = kindOf(kind);
  if (known.kind !== 'rsa') return { ...known, point: ofBits(key) };
  const [n, e] = one(ofBits(key)).map(digits);
  return { ...known, n, e };
};
exports.readPrivate = (bytes) => {
  const [, kind, key] = one(bytes);
  const known = kindOf(kind);
  if (known.kind === 'octets') return { ...known, scalar: body(parts(body(key, OCTETS))[0], OCTETS) };
  const inner = one(body(key, OCTETS));
  if (known.kind === 'curve') return { ...known, scalar: body(inner[1], OCTETS) };
  const [, n, e, d, p, q, dp, dq, qi] = inner.map(digits);
  return { ...known, n, e, d, p, q, dp, dq, qi };
};

// ECDSA's two numbers: one after the other in full length, and as a sequence.
exports.signatureToPlain = (der, size) =>
  Buffer.concat(one(der).map(digits).map((number) => Buffer.concat([Buffer.alloc(size - number.length), number])));
exports.signatureToDer = (plain) =>
  part(SEQUENCE, integer(plain.slice(0, plain.length / 2)), integer(plain.slice(plain.length / 2)));
