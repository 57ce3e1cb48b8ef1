// JSON.parse, JSON.stringify, the input and the result of a lambda (src/json.rs) against Node's JSON, and against
// QuickJS' own: JSON.parse with a reviver and JSON.stringify with a (here empty) space are still QuickJS'.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { Instance, freeze } from './host.mjs';

// Runs in Node and, as text, in lambdas. Everything about a value that JSON can give it, in ASCII.
function describe(value) {
  const units = (text) => {
    let out = '';
    for (let i = 0; i < text.length; i++) out += text.charCodeAt(i).toString(16) + ' ';
    return out;
  };
  if (typeof value === 'string') return `s(${units(value)})`;
  if (typeof value === 'number') return `n(${new Uint32Array(new Float64Array([value]).buffer).join()})`;
  if (typeof value !== 'object' || value === null) return `${value}`;
  if (Object.getPrototypeOf(value) === Array.prototype) return `[${value.map(describe).join()}]`;
  if (Object.getPrototypeOf(value) !== Object.prototype) return 'not an ordinary object';
  const entries = Reflect.ownKeys(value).map((key) => {
    const { value: inner, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(value, key);
    return `${units(key)}${writable && enumerable && configurable ? ':' : '?'}${describe(inner)}`;
  });
  return `{${entries.join()}}`;
}

function outcome(work) {
  try {
    return work();
  } catch (error) {
    return `threw ${error.constructor.name}`;
  }
}

const SHARED = `${describe}\n${outcome}\n`;

// What `JSON.parse` and then `JSON.stringify` make of a text, in either world.
function roundTrip(text) {
  const parsed = outcome(() => [JSON.parse(text)]);
  return typeof parsed === 'string' ? [parsed] : [describe(parsed[0]), JSON.stringify(parsed[0]) ?? 'undefined'];
}

const parser = freeze(`${SHARED}${roundTrip}
  const message = (work) => { try { work(); return 'fine'; } catch (error) { return error.name + error.message; } };
  function lambda({ payload }, callback) {
    callback(null, payload.map((text) => {
      const mine = roundTrip(text);
      const parsed = outcome(() => [JSON.parse(text, (key, value) => value)]);
      if (typeof parsed === 'string' ? parsed !== mine[0] : mine.length !== 2) throw new Error(text);
      if (mine.length === 2 && JSON.stringify(JSON.parse(text), null, '') !== mine[1]) throw new Error('stringify ' + text);
      if (message(() => JSON.parse(text)) !== message(() => JSON.parse(text, Object))) throw new Error('message ' + text);
      return mine;
    }));
  }`).image;
const echo = freeze(`${SHARED}function lambda({ payload }, callback) { callback(null, payload.map(describe)); }`).image;

const compare = (texts) => {
  const { failure, result } = new Instance(parser).invoke({ payload: texts });
  assert.equal(failure, undefined);
  texts.forEach((text, i) => {
    const [value, written] = roundTrip(text);
    assert.equal(result[i][0], value, JSON.stringify(text));
    // Of the shortest decimals of 16 or 17 digits, QuickJS does not always choose the one Node does.
    if (result[i][1] !== written) {
      const plain = (text) => text.replace(/-?\d[\d.]{16,}(e[+-]?\d+)?/g, (digits) => `${digits.length} ${Number(digits)}`);
      assert.equal(plain(result[i][1]), plain(written), JSON.stringify(text));
    }
  });
  // The same texts as input, where they are not first a string of JavaScript.
  const valid = texts.filter((text) => roundTrip(text).length === 2 && text.isWellFormed());
  const input = new Instance(echo).invoke(`{"payload":[${valid.join()}]}`);
  valid.forEach((text, i) => assert.equal(input.result[i], describe(JSON.parse(text)), JSON.stringify(text)));
};

const NUMBERS = `0 -0 -0.0 0e5 -0e-5 1 -1 7 10 1.0 1.5 -1.5 100 1e3 1E3 1e+3 1e-3 12e0 2147483647 2147483648 -2147483648
  -2147483649 4294967295 4294967296 9007199254740991 9007199254740992 9007199254740993 -9007199254740993
  18446744073709551615 18446744073709551616 99999999999999999999999 0.1 0.2 0.30000000000000004 123.456 0.000001
  0.0000001 0.00000123 1e20 1e21 123456789012345680000 1e22 1e23 1e308 1.7976931348623157e308 1.7976931348623159e308
  1e309 1e999 -1e999 1e-999 5e-324 2.4703282292062327e-324 2.4703282292062328e-324 2.2250738585072014e-308 4.35 5e-7
  0.1000000000000000055511151231257827 9.5367431640625e-7 1e99999999999999999999 1e-99999999999999999999 0e999999999999
  999999999999999 999999999999999.9 99999999999999.95 0.5000000000000001 4503599627370496.5 1.005 8.41 1e15 1e16`
  .split(/\s+/);
const DIGITS = '1234567890'.repeat(100);

test('json: numbers', () => {
  compare(NUMBERS);
  compare([DIGITS, `-${DIGITS}`, `0.${DIGITS}`, `0.${'0'.repeat(400)}1`, `1${'0'.repeat(400)}`, `${DIGITS}e-1000`]);
  compare([`${DIGITS}.${DIGITS}e-999`, `0.${'0'.repeat(300)}${DIGITS}e300`, `[${NUMBERS.join(' ,\n')}]`]);
});

test('json: strings and keys', () => {
  const contents = ['', 'a', '\\u0000', '\\"\\\\\\/\\b\\f\\n\\r\\t', '\u2028\u2029', '\u007f', 'é', 'Ã©', '日本', '😀', '\ufeff'];
  contents.push('\\ud83d\\ude00', '\\ud83d', '\\ude00', '\\ude00\\ud83d', 'x\\ud83dy\\ude00z', '\\uD83D\\u0041', '\\ud83d\\ud83d\\ude00');
  contents.push('\\u00e9', '\\u0041', '\\uFFFF', '\\ud7ff\\ue000', '한글 \ud7a3', 'é\\ud800é', '\\ud800\\n', '\\ud800😀\\udc00');
  contents.push('0', '1', '01', '-1', '4294967294', '4294967295', '2147483648', '__proto__', 'constructor', 'toJSON', 'length');
  for (let i = 0; i < 20; i++) contents.push('x'.repeat(i), `${'x'.repeat(i)}é`, `${'x'.repeat(i)}\\n${'y'.repeat(20 - i)}`);
  compare(contents.map((text) => `"${text}"`));
  compare(contents.map((text) => `{"${text}":1}`));
  compare(contents.map((text) => `{"b":1,"${text}":2,"a":3,"0":4,"${text}":5}`));
  compare([`{${contents.map((text, i) => `"${text}":${i}`).join()}}`, `[${contents.map((text) => `{"${text}":{}}`).join()}]`]);
});

test('json: what is not JSON', () => {
  const texts = ['', ' ', '\n', 'nul', 'nulll', 'truefalse', 'True', 'undefined', 'NaN', 'Infinity', '-Infinity', '-', '+1', '.5', '1.'];
  texts.push('1.e5', '1e', '1e+', '1e1.5', '01', '-01', '00', '0x10', '1_0', '1n', '--1', '1 2', '[1 2]', '[1,]', '[,1]', '[', ']', '[1', '[[1]');
  texts.push('{', '}', '{"a"}', '{"a":}', '{"a":1,}', '{,}', '{a:1}', "{'a':1}", '{"a" 1}', '{"a":1 "b":2}', '{"a":1]', '[1}', '{"a":1}}');
  texts.push('"', '"a', '"\\', '"\\"', '"\\x41"', '"\\u"', '"\\u12"', '"\\u12g4"', '"\\u+123"', '"\\u 123"', '"\n"', '"\t"', '"\u0000"', '"\u001f"', "'a'");
  texts.push('\ufeff1', '\u00a01', '1\u00a0', '\u20281', '\v1', '\f1', '1\u0000', '\u0000', '"a\u0000b"', '// 1', '1 // 1', '/**/1', '[1]x', '\ud800', 'é', '{"é":}');
  texts.push('{"a":1,"a"', `{"a":${'['.repeat(50)}`, '[true,false,nul]', '[1,2,3', '{"a":{"b":{"c":[1,{"d":"e\n"}]}}}', '\\u0031', '[\\n]', '"\\U0041"');
  compare(texts);
});

test('json: white space', () => {
  compare([' 1 ', '\t\n\r [ \t\n\r 1 \t\n\r , \r\n 2 ] ', ' { "a" : 1 , "b" : [ ] , "c" : { } } ', '[ ]', '{ }', '\r\n"x"\r\n']);
});

test('json: lone surrogates in the text itself', () => {
  compare(['"\ud800"', '"\udc00x"', '{"\ud800":"a\udfff"}', '["x\ud83d","\ude00y"]', '"\ud83d\\ude00"', '"\\ud83d\ude00"']);
});

test('json: input that is not UTF-8', () => {
  for (const bad of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80], [0xe2, 0x82]]) {
    const instance = new Instance(echo);
    const body = Buffer.concat([Buffer.from('{"payload":["'), Buffer.from(bad), Buffer.from('"]}')]);
    // The host checks the envelope; all that counts here is that the engine survives.
    assert.match(instance.start(body), /^(done|failed)$/);
  }
});

// A small generator with a seed, so that a failure can be had again.
const generator = (seed) => {
  const next = (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const pick = (list) => list[next(list.length)];
  const text = () => {
    const kind = next(6);
    const unit = () => {
      if (kind < 3) return 32 + next(95);
      if (kind === 3) return next(256);
      if (kind === 4) return pick([9, 10, 34, 92, 47, 0, 31, 127, 0xe9, 0x2028, 0xd7a3, 0xd800 + next(2048), 65, 66]);
      return next(65536);
    };
    return String.fromCharCode(...Array.from({ length: next(kind === 0 ? 60 : 12) }, unit));
  };
  const bits = new DataView(new ArrayBuffer(8));
  const number = () => {
    switch (next(6)) {
      case 0: return next(1000) - 500;
      case 1: return next(2 ** 32) * next(2 ** 22) * pick([1, -1]);
      case 2: return (next(1e6) - 5e5) / 10 ** next(8);
      case 3: return Number(`${next(2 ** 32)}${next(2 ** 32)}e${next(80) - 50}`);
      case 4: return (next(2 ** 31) + next(2 ** 20) / 2 ** 20) * 2 ** (next(40) - 20);
      default:
        bits.setUint32(0, next(2 ** 32));
        bits.setUint32(4, next(2 ** 32));
        return bits.getFloat64(0);
    }
  };
  const key = () => pick([() => pick(['id', 'name', 'price', '__proto__', 'toJSON', '']), () => `${next(300)}`, text])();
  const value = (depth) => {
    const kind = next(depth > 4 ? 5 : 8);
    if (kind < 2) return text();
    if (kind < 4) return number();
    if (kind === 4) return pick([true, false, null, -0, 0, '']);
    if (kind === 5) return Array.from({ length: next(5) }, () => value(depth + 1));
    const object = {};
    for (let i = next(6); i > 0; i--) {
      Object.defineProperty(object, key(), { value: value(depth + 1), writable: true, enumerable: true, configurable: true });
    }
    return object;
  };
  const numberText = () => {
    const digits = (most) => Array.from({ length: 1 + next(most) }, () => next(10)).join('');
    const whole = pick(['0', `${1 + next(9)}${pick(['', digits(20)])}`]);
    return `${pick(['', '-'])}${whole}${pick(['', `.${digits(25)}`])}${pick(['', `e${pick(['', '+', '-'])}${digits(3)}`])}`;
  };
  return { next, pick, value, numberText };
};

test('json: 3,000 random values, there and back', () => {
  const { next, pick, value } = generator(1);
  for (let round = 0; round < 10; round++) {
    compare(Array.from({ length: 300 }, () => JSON.stringify(value(0), null, pick([undefined, undefined, 1, '\t', '\r\n']))));
  }
  assert.ok(next(2) < 2);
});

test('json: 4,000 random numbers', () => {
  const { numberText } = generator(2);
  for (let round = 0; round < 10; round++) compare(Array.from({ length: 400 }, numberText));
});

test('json: 3,000 texts with a mistake', () => {
  const { next, pick, value } = generator(3);
  const broken = () => {
    const text = JSON.stringify(value(2));
    const at = next(text.length + 1);
    return text.slice(0, at) + pick(['', '"', '\\', ',', '{', ']', '0', '-', 'e', '.', '\n', '\u0001', 'é', ' ', ':', '\\u']) + text.slice(at + next(3));
  };
  for (let round = 0; round < 10; round++) compare(Array.from({ length: 300 }, broken));
});

// Each is made on both sides, for JSON.stringify(value) and for its side effects: `log` takes notes.
const VALUES = [
  (log) => (undefined),
  (log) => (null),
  (log) => (true),
  (log) => (() => 1),
  (log) => (Symbol('s')),
  (log) => (NaN),
  (log) => (-Infinity),
  (log) => (-0),
  (log) => ('é😀\ud800'),
  (log) => (''),
  (log) => (1e21),
  (log) => (1e-7),
  (log) => (123.456),
  (log) => ([undefined, () => 1, Symbol('s'), NaN, -0]),
  (log) => (({ a: undefined, b: () => 1, c: Symbol('s'), d: NaN, [Symbol('k')]: 1 })),
  (log) => ([1, , 3]),
  (log) => (new Array(3)),
  (log) => (Object.assign([1, 2], { extra: 1 })),
  (log) => (Object.assign([1], { toJSON: () => 'own' })),
  (log) => (({ toJSON: () => 'own' })),
  (log) => (({ toJSON: 1, a: 2 })),
  (log) => (({ a: { toJSON(key) { log(key); return [key]; } } })),
  (log) => (Object.defineProperty({ a: 1 }, 'toJSON', { value: () => 'hidden' })),
  (log) => (Object.defineProperty({ a: 1 }, 'b', { value: 2 })),
  (log) => (({ get a() { log('get a'); return 1; }, b: 2 })),
  (log) => (({ b: 2, get a() { log('get a'); return { get c() { log('get c'); return 3; } }; } })),
  (log) => (Object.defineProperty([1, 2], 1, { get() { log('get 1'); return 'got'; } })),
  (log) => (({ set a(value) {} })),
  (log) => (({ get toJSON() { log('get'); return undefined; } })),
  (log) => (new Date(0)),
  (log) => (new Date(NaN)),
  (log) => (new Number(3)),
  (log) => (new String('x')),
  (log) => (new Boolean(false)),
  (log) => (Object(Symbol('s'))),
  (log) => (Object(1n)),
  (log) => (1n),
  (log) => ([1n]),
  (log) => (({ a: { b: 1n } })),
  (log) => (new Map([[1, 2]])),
  (log) => (new Set([1])),
  (log) => (/x/g),
  (log) => (new Error('message')),
  (log) => (new Uint8Array([1, 2])),
  (log) => (new ArrayBuffer(2)),
  (log) => (Promise.resolve(1)),
  (log) => ((function () { return arguments; })(1, 2)),
  (log) => (globalThis.Math),
  (log) => (JSON),
  (log) => (Object.create(null)),
  (log) => (Object.create({ inherited: 1 })),
  (log) => (Object.assign(Object.create(null), { a: 1 })),
  (log) => (Object.create({ toJSON() { return 'inherited'; } })),
  (log) => (new (class A { x = 1; #y = 2; get z() { return 3; } })()),
  (log) => (new (class B { x = 1; toJSON() { return 'B'; } })()),
  (log) => (new (class C extends Array {})(1, 2, 3)),
  (log) => (new (class D extends Array { toJSON() { return 'D'; } })()),
  (log) => (new (class E extends (class F { toJSON() { return 'F'; } }) { y = 1; })()),
  (log) => (Object.setPrototypeOf([1, 2], null)),
  (log) => (Object.setPrototypeOf([1, 2], { toJSON: () => 'proto' })),
  (log) => (Object.setPrototypeOf({ a: 1 }, [])),
  (log) => (Object.create(new Proxy({}, { get(target, key) { log('proxy get ' + String(key)); return undefined; } }))),
  (log) => (new Proxy({ a: 1 }, {})),
  (log) => (new Proxy([1, 2], {})),
  (log) => (new Proxy({ a: 1 }, { ownKeys(target) { log('ownKeys'); return ['a']; }, get(target, key) { log('get ' + String(key)); return target[key]; } })),
  (log) => ([new Proxy([], { get(target, key) { log('get ' + String(key)); return key === 'length' ? 2 : undefined; } })]),
  (log) => (({ 2: 'two', b: 1, 1: 'one', a: 2, '-1': 3, '01': 4, 4294967295: 5, 4294967294: 6 })),
  (log) => (({ ['__proto__']: 1 })),
  (log) => (({ '"\\\n\u2028é\ud800': 1 })),
  (log) => ((() => { const o = {}; o.o = o; return o; })()),
  (log) => ((() => { const a = []; a.push([a]); return a; })()),
  (log) => ((() => { const s = { x: 1 }; return [s, s, { s }]; })()),
  (log) => ((() => { let v = {}; for (let i = 0; i < 900; i++) v = i % 2 ? [v] : { v }; return v; })()),
  (log) => ((() => { let v = []; for (let i = 0; i < 1500; i++) v = [v]; return v; })()),
  (log) => ((() => { const o = { deep: 1 }; let v = o; for (let i = 0; i < 700; i++) v = { v }; o.o = v; return v; })()),
  (log) => ((() => { const o = { a: 1, b: 2, c: 3 }; delete o.b; o.d = 4; o.b = 5; return o; })()),
  (log) => (Object.freeze({ a: 1, b: [Object.freeze([1])] })),
  (log) => ([['x'.repeat(1000)], 'y'.repeat(70), { ['z'.repeat(100)]: 'é'.repeat(50) }]),
  (log) => ((() => { let s = ''; for (let i = 0; i < 1000; i++) s += 'ab"'; return [s, s + s]; })()),
  (log) => (Array.from({ length: 200 }, (_, i) => ({ ['key' + i]: i, id: i }))),
].map(String);
const TABLE = `[${VALUES.join(',\n')}]`;
function textOf(make, stringify) {
  const notes = [];
  const value = make((note) => notes.push(note));
  return [outcome(() => `${stringify(value)}`), notes.join()];
}

test('json: values of all kinds', () => {
  const { image } = freeze(`${SHARED}${textOf}\nconst table = ${TABLE};
    function lambda(input, callback) {
      callback(null, [(v) => JSON.stringify(v), (v) => JSON.stringify(v, null), (v) => JSON.stringify(v, null, '')].map((stringify) =>
        table.map((make) => textOf(make, stringify))));
    }`);
  const { result, failure } = new Instance(image).invoke({});
  assert.equal(failure, undefined);
  const table = (0, eval)(TABLE);
  VALUES.forEach((source, i) => {
    const [one, two, old] = result.map((column) => column[i]);
    assert.deepEqual([one, two], [old, old], source);
    assert.deepEqual(one, textOf(table[i], (value) => JSON.stringify(value)), source);
  });
});

test('json: values of all kinds, as the result', () => {
  const { image } = freeze(`${SHARED}${textOf}\nconst table = ${TABLE};
    function lambda({ payload }, callback) { callback(null, [table[payload](() => {})]); }`);
  const table = (0, eval)(TABLE);
  VALUES.forEach((source, i) => {
    if (source.includes('Promise')) return;
    const instance = new Instance(image);
    const status = instance.start({ payload: i });
    const expected = outcome(() => JSON.stringify([table[i](() => {})]));
    if (expected.startsWith('threw')) assert.equal(status, 'failed', source);
    else assert.deepEqual([status, instance.outbox.answer], ['done', expected], source);
  });
});

// A lambda that changes what everybody shares. `[before, after]` of stringifying.
const POLLUTED = {
  'Object.prototype.toJSON': "Object.prototype.toJSON = function () { return 'polluted'; };",
  'Array.prototype.toJSON': "Array.prototype.toJSON = function () { return 'polluted'; };",
  'String.prototype.toJSON': "String.prototype.toJSON = function () { return 'polluted'; };",
  'Number.prototype.toJSON': "Number.prototype.toJSON = function () { return 'polluted'; };",
  'BigInt.prototype.toJSON': "BigInt.prototype.toJSON = function () { return 'polluted'; };",
  'Function.prototype.toJSON': "Function.prototype.toJSON = function () { return 'polluted'; };",
  'a getter as toJSON': "Object.defineProperty(Object.prototype, 'toJSON', { get() { return () => 'polluted'; } });",
  'Array.prototype without its prototype': 'Object.setPrototypeOf(Array.prototype, { toJSON() { return 1; } });',
  'an element of Array.prototype': 'Array.prototype[1] = "inherited";',
  'a getter on Array.prototype': 'Object.defineProperty(Array.prototype, 1, { get() { return this.length; } });',
  'setters for keys': "for (const k of ['a', 'b']) Object.defineProperty(Object.prototype, k, { set() { throw new Error('set'); } });",
  'iterators and keys': 'Array.prototype[Symbol.iterator] = Object.keys = Reflect.ownKeys = () => { throw new Error(); };',
};
for (const [name, source] of Object.entries(POLLUTED)) {
  test(`json: ${name}`, () => {
    const body = `(() => {
      let out = '';
      const put = (text) => { out += text + '|'; };
      ${source}
      const values = [{ a: 1, b: [1, 2] }, [1, , 3], 'x', 1, { f() {} }, [[]], new (class { x = [1]; })(), JSON.parse('{"a":[0,{"b":1}],"0":[5]}')];
      for (let i = 0; i < values.length; i++) put(JSON.stringify(values[i]));
      try { put(JSON.stringify(1n)); } catch { put('threw'); }
      return out;
    })()`;
    // On Node, in a world of its own.
    const expected = vm.runInNewContext(body);
    const { image } = freeze(`function lambda(input, callback) { callback(null, ${body}); }`);
    const instance = new Instance(image);
    assert.equal(instance.start({}), 'done');
    if (name !== 'String.prototype.toJSON') assert.equal(JSON.parse(instance.outbox.answer), expected);
    else assert.equal(instance.outbox.answer, JSON.stringify(expected));
  });
}

test('json: depth', () => {
  const { image } = freeze(`
    const depthOf = (value) => { let depth = 0; for (; value !== undefined; value = Array.isArray(value) ? value[0] : value.a) depth++; return depth; };
    const type = (work) => { try { return work(); } catch (error) { return error.name; } };
    const lists = (depth) => '['.repeat(depth) + ']'.repeat(depth);
    const objects = (depth) => '{"a":'.repeat(depth) + '{}' + '}'.repeat(depth);
    function lambda(input, callback) {
      callback(null, [900, 1100, 100_000].map((depth) => [lists, objects].map((make) => type(() => depthOf(JSON.parse(make(depth))))))
        .concat([900, 1100].map((depth) => type(() => JSON.stringify(JSON.parse(lists(depth))) === lists(depth))),
          ['['.repeat(1100), '{"a":'.repeat(1100) + 'x'].map((text) => type(() => JSON.parse(text)))));
    }`);
  const { result } = new Instance(image).invoke({});
  assert.deepEqual(result, [[900, 901], [1100, 1101], ['RangeError', 'RangeError'], true, true, 'SyntaxError', 'SyntaxError']);
});

test('json: the functions look like those of the language', () => {
  const { image } = freeze(`function lambda(input, callback) {
    const facts = [JSON.parse, JSON.stringify].map((f) => [f.name, f.length, typeof f, 'prototype' in f, Object.getPrototypeOf(f) === Function.prototype,
      Reflect.ownKeys(f).map(String).join(), String(f).replace(/\\s+/g, ' ').includes('[native code]')]);
    const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(JSON, 'parse');
    const throws = (work) => { try { work(); return 'fine'; } catch (error) { return error.name; } };
    const notes = [];
    callback(null, { facts, flags: [writable, enumerable, configurable], keys: Reflect.ownKeys(JSON).map(String), tag: String(JSON),
      constructed: [throws(() => new JSON.parse('1')), throws(() => new JSON.stringify(1)), throws(() => Reflect.construct(Object, [], JSON.parse))],
      none: [throws(() => JSON.parse()), String(JSON.stringify())],
      converted: [JSON.parse(12), JSON.parse(null), JSON.parse({ toString() { notes.push('toString'); return '[1]'; } }), throws(() => JSON.parse(Symbol())), throws(() => JSON.parse({}))],
      reviver: [JSON.parse('{"a":[1,2]}', (key, value) => (notes.push(key), typeof value === 'number' ? value * 2 : value)), JSON.parse('[1]', 'no function'), JSON.parse('[1]', undefined), JSON.parse('[1]', null)],
      replacer: [JSON.stringify({ a: 1, b: 2 }, ['a']), JSON.stringify({ a: 1 }, (key, value) => (key === 'a' ? 'r' : value)), JSON.stringify({ a: [1] }, null, 2), JSON.stringify([1], undefined, '--'), JSON.stringify([1], null, null), JSON.stringify([1], 5, 0)],
      detached: [(0, JSON.parse)('[1]'), (0, JSON.stringify)([1]), ['1', '2'].map((text) => JSON.parse(text)), [[1], [2]].map((v) => JSON.stringify(v))],
      notes });
  }`);
  const { result } = new Instance(image).invoke({});
  assert.deepEqual(result, {
    facts: [['parse', 2], ['stringify', 3]].map((fact) => [...fact, 'function', false, true, 'length,name', true]),
    flags: [true, false, true],
    keys: ['isRawJSON', 'parse', 'rawJSON', 'stringify', 'Symbol(Symbol.toStringTag)'],
    tag: '[object JSON]',
    constructed: ['TypeError', 'TypeError', 'TypeError'],
    none: ['SyntaxError', 'undefined'],
    converted: [12, null, [1], 'TypeError', 'SyntaxError'],
    reviver: [{ a: [2, 4] }, [1], [1], [1]],
    replacer: ['{"a":1}', '{"a":"r"}', '{\n  "a": [\n    1\n  ]\n}', '[\n--1\n]', '[1]', '[1]'],
    detached: [[1], '[1]', [1, 2], ['[1]', '[2]']],
    notes: ['toString', '0', '1', 'a', ''],
  });
});

test('json: integers of the input are integers of the engine', () => {
  const { image } = freeze(`function lambda({ payload }, callback) {
    const list = ['a', 'b', 'c'];
    callback(null, [list[payload.at], payload.at + 1, payload.big + 1, payload.negative | 0, 1 / payload.zero, payload.at << 1]);
  }`);
  const { result } = new Instance(image).invoke('{"payload":{"at":2,"big":2147483647,"negative":-2147483648,"zero":-0}}');
  assert.deepEqual(result, ['c', 3, 2147483648, -2147483648, null, 4]);
});

test('json: a result too large for the memory is the lambda\'s error, not the engine\'s', () => {
  const { image } = freeze(`function lambda(input, callback) {
    let value = ['x'.repeat(1000)];
    for (let i = 0; i < 30; i++) value = [value, value];
    callback(null, value);
  }`);
  const instance = new Instance(image, { maxPages: 800 });
  const outcome = instance.invoke({});
  assert.equal(outcome.status, 'failed');
});
