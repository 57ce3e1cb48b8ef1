function lambda(input, callback) {
  const cyclic = { list: [1, , 3] };
  cyclic.self = cyclic;
  const copy = structuredClone(cyclic);
  const shared = new Uint8Array([1, 2, 3]);
  const many = structuredClone({
    date: new Date(5),
    map: new Map([['k', new Set([1])]]),
    regexp: /a/gi,
    error: new RangeError('r', { cause: 'c' }),
    boxed: new Number(7),
    big: 12n,
    bytes: shared.subarray(1),
    floats: new Float32Array([1.5]),
    view: new DataView(shared.buffer, 1),
    nothing: undefined,
    nil: null,
  });
  const refused = [() => 1, Symbol('s'), Promise.resolve(), new WeakMap()].map((value) => {
    try {
      structuredClone(value);
    } catch (error) {
      return `${error.name} ${error.code} ${error instanceof DOMException}`;
    }
  });
  callback(null, {
    cyclic: [copy !== cyclic, copy.self === copy, copy.list.length, 1 in copy.list],
    date: many.date instanceof Date && many.date.getTime(),
    map: many.map.get('k').has(1),
    regexp: String(many.regexp),
    error: [many.error instanceof RangeError, many.error.message, many.error.cause, typeof many.error.stack],
    boxed: typeof many.boxed,
    big: String(many.big),
    bytes: [many.bytes.length, many.bytes[0], many.bytes.buffer === shared.buffer, many.bytes.buffer === many.view.buffer],
    floats: many.floats[0],
    view: many.view.getUint8(0),
    keys: Object.keys(many).length,
    refused,
  });
}
