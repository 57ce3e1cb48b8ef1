const util = require('util');
function lambda(input, callback) {
  const circular = { name: 'c' };
  circular.self = circular;
  class Point { constructor() { this.x = 1; } }
  class Named extends Map {}
  const values = [1, -0, NaN, 'text', "it's", `a'b"c`, null, undefined, true, Symbol('s'), [], {}, [1, , 3], [undefined, null], { a: { b: { c: { d: 1 } } } }, new Point(), Object.create(null), new Map([[1, { a: 2 }], ['k', [1]]]), new Set([1, 'a']), new Named([[1, 2]]), new Date(0), new Date(NaN), /x/gi, function f() {}, () => {}, class A {}, Symbol.iterator, new Uint8Array(3), Buffer.from('abc'), new ArrayBuffer(4), new DataView(new ArrayBuffer(2)), circular, Promise.resolve(5), new Promise(() => {}), new Boolean(false), new String('s'), new Number(3), { get a() { return 1; }, set b(v) {} }, { [Symbol('k')]: 1 }, new WeakMap(), new WeakSet(), (function () { return arguments; })(1, 2), 'x'.repeat(120), new Array(200).fill(7), { long: 'a'.repeat(50), other: 'b'.repeat(50) }, [['a', ['b', ['c', ['d']]]]], new Proxy({ p: 1 }, {}), function* g() {}, async () => {}, Object.assign(() => {}, { prop: 1 }), { 'with-dash': 1, 2: 3 }, { [util.inspect.custom]() { return 'custom!'; } }, { inspect() { return 'x'; } }, new (class Foo extends Array {})(2), [1.5, -0], Object.assign([1], { extra: 2 })];
  const options = [undefined, { depth: 0 }, { depth: null, compact: false }, { showHidden: true }, { colors: true }, { breakLength: 20 }, { maxArrayLength: 2 }, { sorted: true }, { getters: true }, { showProxy: true }];
  // Functions have hidden properties in V8 (`caller`) that the language does not know.
  const isOfV8 = (value) => typeof value === 'function' || util.types.isArgumentsObject(value);
  const result = { inspect: values.map((value) => options.map((option) => (option && option.showHidden && isOfV8(value) ? 0 : attempt(() => util.inspect(value, option))))) };
  result.format = [['%s %d %i %f %j %o %O %%', 'a', '42', '4.7', '1.5', { a: 1 }, { b: 2 }, { c: 3 }], ['a', 'b', { c: 1 }], ['%s'], ['%d', 'x'], [1, 2], ['%j', circular], ['%s', Symbol('a')], ['%x', 1], [], ['%s', null, undefined], ['%s', { a: { b: { c: 1 } } }], ['100%', 1]].map((args) => attempt(() => util.format(...args)));
  result.types = {};
  for (const name of Object.keys(util.types).sort()) result.types[name] = values.map((value) => util.types[name](value));
  result.equal = [];
  for (const a of values) result.equal.push(values.map((b) => (util.isDeepStrictEqual(a, b) ? 1 : 0)).join(''));
  result.is = ['isArray', 'isBoolean', 'isNull', 'isNullOrUndefined', 'isNumber', 'isString', 'isSymbol', 'isUndefined', 'isRegExp', 'isObject', 'isDate', 'isError', 'isFunction', 'isPrimitive', 'isBuffer'].map((name) => values.map((value) => util[name](value)));
  function Old() {}
  function Base() {}
  Base.prototype.hi = () => 'hi';
  util.inherits(Old, Base);
  result.inherits = [new Old().hi(), Old.super_ === Base, attempt(() => util.inherits(null, Base)), attempt(() => util.inherits(Old))];
  result.errors = [attempt(() => util.promisify(5)), attempt(() => util.callbackify('x')), attempt(() => util.inherits()), attempt(() => util.getSystemErrorName(-2)), attempt(() => util.getSystemErrorName(5)), attempt(() => util.deprecate(() => 5, 'gone', 'X1')()), util.debuglog('x') !== undefined];
  result.extend = [util._extend({ a: 1 }, { b: 2 }), new util.TextEncoder().encode('é').length, new util.TextDecoder().decode(new Uint8Array([0xc3, 0xa9]))];
  util.promisify((a, done) => done(null, a + 1))(1)
    .then((value) => { result.promisified = value; return util.promisify((done) => done(new Error('no')))(); })
    .catch((error) => { result.rejected = error.message; })
    .then(() => util.callbackify(async (a) => a * 2)(21, (error, value) => {
      result.callbackified = value;
      util.callbackify(() => Promise.reject(null))((reason) => {
        result.falsy = [reason.code, reason.message];
        callback(null, result);
      });
    }));
}
