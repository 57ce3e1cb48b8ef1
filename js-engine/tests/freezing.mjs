// What freezing refuses, what it warns about, and what of the top level an invocation finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Instance, freeze, run } from './host.mjs';

const LAMBDA = '\nfunction lambda(input, callback) { callback(null, typeof state === "undefined" ? null : state); }';

const refusals = {
  'no lambda': ['const x = 1;', { kind: 'no-lambda', message: /no function named `lambda`/ }],
  'lambda is not a function': ['const lambda = 1;', { kind: 'no-lambda' }],
  'nothing at all': ['', { kind: 'no-lambda' }],
  'a syntax error': ['function lambda() {\n  const a = ;\n}', { kind: 'syntax', line: 2, message: /^SyntaxError: / }],
  'a syntax error in line 1': ['const a = ;', { kind: 'syntax', line: 1 }],
  'a brace too many': ['function lambda() {}\n}', { kind: 'syntax', line: 2 }],
  'a source that closes the wrapper': ['}); (function () {', { kind: 'syntax', line: 1 }],
  'an unclosed comment': ['function lambda() {}\n/* ', { kind: 'syntax' }],
  'ES module syntax': ['export function lambda() {}', { kind: 'syntax', line: 1 }],
  'a NUL character': ['function lambda() {}\n// \0', { kind: 'syntax', message: /NUL character in line 2/ }],
  'invalid UTF-8': [new Uint8Array([0x2f, 0x2f, 0xff]), { kind: 'encoding', message: /not valid UTF-8/ }],
  'a top level that throws': [
    `function setUp() {\n  throw new TypeError('no set-up');\n}\nsetUp();${LAMBDA}`,
    { kind: 'top-level', message: /the top level of the lambda threw: TypeError: no set-up/, line: 2, column: 13 },
  ],
  'a top level that throws in line 1': [`null.x;${LAMBDA}`, { kind: 'top-level', line: 1, column: 1 }],
  'a top level that throws a string': [`throw 'text';${LAMBDA}`, { kind: 'top-level', message: /threw: "text"/ }],
  'a missing module': [`require('left-pad');${LAMBDA}`, { kind: 'top-level', message: /Cannot find module 'left-pad'/ }],
  'a timer': [`setTimeout(() => {}, 1);${LAMBDA}`, { kind: 'timer', message: /move the call into the lambda/ }],
  'an interval': [`setInterval(() => {}, 1000);${LAMBDA}`, { kind: 'timer' }],
  'an immediate': [`setImmediate(() => {});${LAMBDA}`, { kind: 'timer' }],
  'an unhandled rejection': [
    `Promise.reject(new Error('left alone'));${LAMBDA}`,
    { kind: 'top-level', message: /a promise of the top level was rejected and nobody handled it: Error: left alone/, line: 1 },
  ],
  'a rejection in an async function': [
    `(async () => { await null; throw new Error('async'); })();${LAMBDA}`,
    { kind: 'top-level', message: /Error: async/ },
  ],
  'a tick that throws': [`process.nextTick(() => { throw new Error('tick'); });${LAMBDA}`, { kind: 'top-level', message: /a callback of the top level threw: Error: tick/ }],
};

for (const [name, [source, expected]] of Object.entries(refusals)) {
  test(`freezing refuses ${name}`, () => {
    const outcome = freeze(source);
    assert.equal(outcome.status, 'refused', JSON.stringify(outcome.status));
    for (const [field, value] of Object.entries(expected)) {
      if (value instanceof RegExp) assert.match(outcome[field], value);
      else assert.equal(outcome[field], value, `${field} of ${JSON.stringify(outcome.message)}`);
    }
  });
}

const kept = {
  'plain state': ['const state = { a: [1] };', { a: [1] }],
  'state set by promises': ['let state = 0; Promise.resolve().then(() => { state = "settled"; });', 'settled'],
  'state set by ticks': ['let state = 0; process.nextTick(() => { state = "ticked"; });', 'ticked'],
  'a cancelled timer': ['const state = 1; clearTimeout(setTimeout(() => {}, 1));', 1],
  'a timer that does not keep the loop alive': ['const state = 1; setTimeout(() => {}, 1).unref();', 1],
  'its own names for what is given': ['const process = require("process"), console = { mine: 1 }; var setTimeout = 1; const state = [typeof process.env, console.mine, setTimeout];', ['object', 1, 1]],
  'a function named like a parameter': ['function require() { return "mine"; } const state = require();', 'mine'],
  'sloppy code': ['implicit = 1; with ({ inner: 2 }) { var state = [implicit, inner, typeof this, 017]; }', [1, 2, 'object', 15]],
  'a handled rejection': ['const state = 1; Promise.reject(new Error("x")).catch(() => {});', 1],
  'a byte order mark': ['\ufeffconst state = "marked";', 'marked'],
};
for (const [name, entry] of Object.entries(kept)) {
  test(`freezing keeps ${name}`, () => {
    const outcome = run(entry[0] + LAMBDA, {});
    assert.deepEqual(outcome.result, entry[1]);
    assert.deepEqual(outcome.waitsAfterReply, []);
  });
}

const warned = {
  'Date.now()': ['const state = Date.now();', ['clock']],
  'new Date()': ['const state = new Date();', ['clock']],
  'Date()': ['const state = Date();', ['clock']],
  'performance.now()': ['const state = performance.now();', ['clock']],
  'Math.random()': ['const state = Math.random();', ['random']],
  'a pair of keys': [
    "const encoding = (type) => ({ type, format: 'pem' }); const state = require('crypto').generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding: encoding('spki'), privateKeyEncoding: encoding('pkcs8') });",
    ['random'],
  ],
  'a key of WebCrypto': ["let state; crypto.subtle.generateKey('Ed25519', true, ['sign']).then((pair) => (state = pair));", ['random']],
  'process.env': ['const state = process.env.KNOWN;', ['environment']],
  'destructuring process.env': ['const { KNOWN: state } = process.env;', ['environment']],
  'new Date with arguments': ['const state = new Date(0);', []],
  'a missing variable': ['const state = process.env.MISSING;', []],
  'use inside the lambda': ['const state = () => [Date.now(), Math.random(), process.env.KNOWN];', []],
};
for (const [name, [source, expected]] of Object.entries(warned)) {
  test(`freezing: a warning for ${name}`, () => {
    assert.deepEqual(freeze(source + LAMBDA, { environment: { KNOWN: '1' } }).warnings, expected);
  });
}

test('freezing: what is used inside the lambda later warns no more', () => {
  const { image } = freeze('function lambda(i, callback) { Date.now(); Math.random(); process.env.KNOWN; callback(); }', {
    environment: { KNOWN: '1' },
  });
  const instance = new Instance(image);
  assert.equal(instance.invoke({}).status, 'done');
  assert.deepEqual([...instance.warnings], []);
});

test('freezing: logs of the top level reach the host', () => {
  const { logs } = freeze(`console.info('at build');${LAMBDA}`);
  assert.deepEqual(logs.map(({ level, message }) => [level, message]), [['Info', 'at build']]);
});

test('freezing: a top level that loops is interrupted, with its stack', () => {
  const outcome = freeze(`function spin() { for (;;) {} }\nspin();${LAMBDA}`, { interruptAfter: 5 });
  assert.equal(outcome.status, 'interrupted');
  assert.match(outcome.instance.outbox.answer, /at spin \(lambda\.js:1:\d+\)\n {4}at <anonymous> \(lambda\.js:2:/);
});

test('freezing: the environment belongs to one image', () => {
  const source = 'function lambda(i, callback) { callback(null, { ...process.env }); }';
  const first = run(source, {}, { environment: { A: '1', __proto__: null } });
  const second = run(source, {}, { environment: { B: '2' } });
  assert.deepEqual([first.result, second.result], [{ A: '1' }, { B: '2' }]);
});

test('freezing: a source of 100,000 characters', () => {
  const source = `${'function filler() { return [1, 2, 3].map((x) => x * 2); }\n'.repeat(1700)}${LAMBDA}`;
  assert.ok(source.length > 98_000);
  assert.deepEqual(run(source, {}).result, null);
});

test('freezing: the same source gives the same bytes', () => {
  const source = `const state = new Map([[{}, Symbol('s')]]);${LAMBDA}`;
  assert.equal(Buffer.compare(freeze(source).image.bytes, freeze(source).image.bytes), 0);
});

test('freezing: neither source text in the inbox nor old environments stay in the image', () => {
  const secret = 'only-in-the-old-environment';
  const instance = new Instance(freeze(LAMBDA).image);
  instance.environment({ SECRET: secret });
  instance.environment({});
  assert.equal(instance.freeze(LAMBDA).status, 'idle');
  const { bytes } = instance.image();
  const inbox = instance.exports.lambkin_inbox(1);
  assert.ok(bytes.subarray(inbox, inbox + 1000).every((byte) => byte === 0));
});
