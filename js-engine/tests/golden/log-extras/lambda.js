class Point {
  constructor() {
    this.x = 1;
  }
  get y() {
    return 2;
  }
}
function named() {}
function lambda(input, callback) {
  const cyclic = { name: 'cyclic' };
  cyclic.self = cyclic;
  cyclic.list = [cyclic];
  console.info('plain', new Date(1560000000000), new Date(NaN), /a+/gi, new Point());
  console.info('collections', new Map([['k', { v: 1 }]]), new Set([1, 'two']), new WeakMap(), new WeakSet());
  console.info('primitives', 10n, Symbol('s'), undefined, NaN, -Infinity, -0, 1e21, 1e-7, 0.1);
  console.info('functions', named, () => 1, class Named {}, async function af() {}, Math.max);
  console.info('boxed', new String('s'), new Number(1), new Boolean(false), Object(1n));
  console.info('binary', new Uint8Array([1, 2]), new ArrayBuffer(3), new DataView(new ArrayBuffer(4)), new Float64Array(1));
  console.info('promise', Promise.resolve(1), new Proxy({ a: 1 }, {}), new Proxy(() => 1, {}));
  console.info('cyclic', cyclic);
  console.info('hidden', Object.defineProperty({ shown: 1 }, 'hidden', { value: 2 }), Object.create(null));
  console.info('getter', {
    get fine() {
      return 1;
    },
    get broken() {
      throw new Error('ouch');
    },
  });
  console.info('toJSON', { toJSON: () => ({ converted: true }) }, { toJSON() { throw new Error('no'); } });
  console.info('sparse', [1, , 3], Object.assign([1], { extra: 2 }));
  console.info('arguments', (function () { return arguments; })(1, 2));
  callback();
}
