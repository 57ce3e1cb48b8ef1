// Images and memory: what the host relies on to give every invocation a world of its own in microseconds.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Instance, baseImage, dirty, freeze, module, run } from './host.mjs';

const HELLO = 'function lambda(input, callback) { callback(null, { hello: `Hello ${input.payload.name}` }); }';
const ENVELOPE = { timestamp: 1, headers: [{ key: 'a', value: 'b' }], payload: { name: 'World' } };

test('two boots leave the same bytes behind', () => {
  const again = new Instance();
  again.exports.lambkin_boot();
  assert.equal(Buffer.compare(again.image().bytes, baseImage().bytes), 0);
});

test('the engine imports nothing but its ABI and WASI', () => {
  const names = WebAssembly.Module.imports(module).map((one) => `${one.module}.${one.name}`);
  const own = names.filter((name) => name.startsWith('lambkin.')).sort();
  assert.deepEqual(own, ['interrupted', 'log', 'now', 'op_cancel', 'op_next', 'op_start', 'op_take', 'settled', 'warn'].map(
    (name) => `lambkin.${name}`));
  for (const name of names) assert.match(name, /^(lambkin|wasi_snapshot_preview1)\./);
});

test('invocations of one image share nothing', () => {
  const { image } = freeze(`let count = 0; globalThis.list = [];
    function lambda(input, callback) { count++; list.push(input.payload); process.env.N = count; Object.prototype.leak = true;
      callback(null, [count, list, process.env.N, Math.random()]); }`);
  const outcome = (seed) => new Instance(image).invoke({ payload: 1 }, seed).result;
  const first = outcome(1n);
  assert.deepEqual(first.slice(0, 3), [1, [1], '1']);
  assert.deepEqual(outcome(1n), first);
  assert.notEqual(outcome(2n)[3], first[3]);
});

test('Math.random: a seed makes a sequence, and the sequence is uniform', () => {
  const source = `function lambda(input, callback) { const n = new Array(10).fill(0); let previous = []; 
    for (let i = 0; i < 10000; i++) { const r = Math.random(); if (!(r >= 0 && r < 1)) throw new Error('range'); n[Math.floor(r * 10)]++; if (i < 3) previous.push(r); }
    callback(null, [n, previous]); }`;
  const { image } = freeze(source);
  const sequences = [0n, 1n, 2n, -1n, 123456789n].map((seed) => new Instance(image).invoke({}, seed).result);
  for (const [buckets] of sequences) for (const count of buckets) assert.ok(count > 850 && count < 1150, String(buckets));
  assert.equal(new Set(sequences.map(([, first]) => first[0])).size, 5);
});

test('an ordinary invocation never grows the memory', () => {
  const { image } = freeze(`function lambda(input, callback) {
    const big = 'x'.repeat(1 << 20); const list = Array.from({ length: 20000 }, (_, i) => ({ i })); callback(null, big.length + list.length); }`);
  const instance = new Instance(image);
  const before = instance.exports.memory.buffer.byteLength;
  assert.equal(before, 24 << 20);
  assert.equal(instance.invoke({}).status, 'done');
  assert.equal(instance.exports.memory.buffer.byteLength, before);
});

// Garbage in cycles is freed by a collection only, so a weak reference to some tells whether there was one. It walks the
// whole heap, and would change every page of it.
test('an ordinary invocation collects no garbage, though much does', () => {
  const { image } = freeze(`['request', 'jsforce', 'luxon', 'lodash', 'jsonwebtoken', 'lp-faas-toolbelt'].forEach((name) => require(name));
    const zlib = require('zlib');
    const cycle = () => { const one = {}; one.self = one; return new WeakRef(one); };
    async function lambda(input, callback) {
      const garbage = cycle();
      await null;
      const text = JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ i, name: 'customer-' + i })));
      const bytes = Buffer.from(JSON.stringify(JSON.parse(text)).repeat(5)).slice(0, 1 << 20);
      const same = zlib.gunzipSync(zlib.gzipSync(bytes)).equals(bytes);
      const kept = [];
      for (let i = 0; i < input.payload; i++) { cycle(); kept.push(Buffer.alloc(1 << 20)); }
      await null;
      cycle();
      callback(null, [same, garbage.deref() !== undefined]);
    }`);
  const outcome = (megabytes) => new Instance(image).invoke({ payload: megabytes }).result;
  assert.deepEqual(outcome(0), [true, true]);
  assert.deepEqual(outcome(80), [true, false], 'more than the threshold is collected');
});

// The figures are budgets: lower is fine (and worth writing down), higher needs a reason.
test('hello touches few pages', () => {
  const { image } = freeze(HELLO);
  const instance = new Instance(image);
  assert.equal(instance.start(ENVELOPE), 'done');
  const { pages, regions } = dirty(image.bytes, instance.image().bytes);
  // 12 and 10 before there was a network: its classes lie between what invocations write.
  assert.ok(pages.length <= 14 && regions <= 12, `${pages.length} pages in ${regions} regions`);
});

test('hello is a small image', () => {
  const { image } = freeze(HELLO);
  const base = baseImage().bytes;
  const { pages } = dirty(base, image.bytes);
  let bytes = 0;
  for (const page of pages) for (let at = page * 4096; at < (page + 1) * 4096; at++) if (base[at] !== image.bytes[at]) bytes++;
  assert.ok(pages.length <= 48 && bytes < 4096, `${pages.length} pages, ${bytes} bytes`);
});

test('what a top level threw away is not in the image', () => {
  const { image } = freeze(`let text = ''; for (let i = 0; i < 50000; i++) text += 'needle'; const kept = text.length; text = null;\n${HELLO}`);
  const { pages } = dirty(baseImage().bytes, image.bytes);
  assert.ok(!Buffer.from(image.bytes.buffer).includes('needleneedle'), 'garbage in the image');
  assert.ok(pages.length < 60, `${pages.length} pages`);
});

test('what lay behind a long run of zeros is not in the image either', () => {
  const { image } = freeze(`let zeros = new Uint8Array(2 << 20), text = 'needle'.repeat(100000).split('').join('-');
    const length = zeros.length + text.length; zeros = text = null;\n${HELLO}`);
  assert.ok(!Buffer.from(image.bytes.buffer).includes('n-e-e-d-l-e'), 'garbage in the image');
});

test('what was freed leaves nothing behind in what took its place', () => {
  const { image } = freeze(`const secret = (n) => String.fromCharCode(64, 81, 90, 126).repeat(n); const kept = (globalThis.kept = []);
    for (let n = 1; n < 200; n++) { let old = []; for (let i = 0; i < 30; i++) old.push(secret(i + 1) + secret(n % 7)); old = null;
      for (let i = 0; i < 20; i++) kept.push({ i }, [i, n], 'x'.repeat(i) + n, () => i); kept.length -= 30; }\n${HELLO}`);
  assert.ok(!Buffer.from(image.bytes.buffer).includes('@QZ~'), 'garbage in the image');
});

test('no top level, whatever it does with its memory, leaves what it threw away in the image', () => {
  const tops = {
    'a hole of megabytes': "let a = Buffer.alloc(3 << 20, 'needle'); globalThis.kept = Buffer.alloc(300000, 1); a = null;",
    'a hole that something else was put into': `let a = []; globalThis.kept = []; for (let i = 0; i < 20; i++) {
      a.push(Buffer.alloc(5000 * i + 1, 'needle')); kept.push(Buffer.alloc(100 * i + 1, 'x')); } a = null;`,
    'room that is left in arrays': `let a = []; for (let i = 0; i < 200; i++) a.push(Buffer.alloc(100 + i, 'needle')); a = null;
      globalThis.kept = []; for (let i = 0; i < 50; i++) { const list = []; for (let j = 0; j <= i; j++) list.push(j); kept.push(list); }`,
    'behind much that was empty': "let empty = Buffer.alloc(1 << 20); let a = Buffer.alloc(3000, 'needle'); empty = a = null;",
    'where the memory had to grow': "let a = Buffer.alloc(40 << 20, 'needle'); a = null;",
    'at the end of the memory': "let empty = Buffer.alloc(40 << 20); let a = Buffer.alloc(3000, 'needle'); empty = a = null;",
    'in a cycle': "(() => { const a = { text: 'needle'.repeat(1000) + Date.now() }; a.self = a; })();",
    'in a string that grew and shrank': "let a = 'needle'; while (a.length < 1e5) a += a; a = a.slice(0, 7); a = null;",
    'in a shared buffer': `let a = new SharedArrayBuffer(9000, { maxByteLength: 90000 }); a.grow(50000);
      new Uint8Array(a).set(Buffer.alloc(50000, 'needle')); a = null;`,
    'in small buffers': `let a = Buffer.from('needle'.repeat(9)); globalThis.kept = Buffer.from('small'); a = Buffer.concat([a, kept]);
      a = [Buffer.allocUnsafe(60).fill('needle'), Buffer.from(a), a.toString('base64')]; a = null;`,
    'in what Rust made': "let a = JSON.stringify({ text: Buffer.alloc(99999, 'needle').toString() }); a = JSON.parse(a).text.length;",
  };
  for (const [where, top] of Object.entries(tops)) {
    const { image, status } = freeze(`${top}\n${HELLO}`);
    assert.equal(status, 'idle', where);
    const bytes = Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.length);
    const at = bytes.indexOf('needleneedle');
    assert.ok(at < 0, `${where}: garbage at ${at} of ${bytes.length}`);
    assert.deepEqual(new Instance(image).invoke({ payload: { name: 'a' } }).result, { hello: 'Hello a' }, where);
  }
});

test('small buffers share their memory in an invocation, as in Node, and not at the top level', () => {
  const source = `const at = [Buffer.from('a').buffer, Buffer.from('b').buffer]; const own = at[0] !== at[1] && at[0].byteLength === 1;
    function lambda(input, callback) {
      const one = Buffer.from('a').buffer; callback(null, [own, one === Buffer.from('b').buffer, one.byteLength, Buffer.poolSize]); }`;
  assert.deepEqual(run(source, 1).result, [true, true, 8192, 8192]);
  assert.equal(run(`Buffer.poolSize = 0; function lambda(input, callback) { callback(null, Buffer.poolSize); }`, 1).result, 0);
});

test('garbage in cycles is collected when there is much of it', () => {
  const source = `function lambda(input, callback) {
    for (let i = 0; i < 3e6; i++) { const a = { pad: [1, 2, 3, 4] }; a.self = a; } callback(null, 'done'); }`;
  const { instance, result } = run(source, {});
  assert.equal(result, 'done');
  assert.ok(instance.exports.memory.buffer.byteLength < 200 << 20, String(instance.exports.memory.buffer.byteLength >> 20));
});

test('inboxes of every size', () => {
  const { image } = freeze('function lambda(input, callback) { callback(null, input.payload.length); }');
  for (const length of [0, 1, 65_000, 65_507, 65_508, 65_536, 65_537, 200_000]) {
    assert.equal(new Instance(image).invoke({ headers: [], payload: 'x'.repeat(length) }).result, length);
  }
});

test('a freeze after a freeze replaces the lambda', () => {
  const instance = new Instance(baseImage());
  assert.equal(instance.freeze('function lambda(i, callback) { callback(null, 1); }').status, 'idle');
  assert.equal(instance.freeze('function lambda(i, callback) { callback(null, 2); }').status, 'idle');
  assert.equal(new Instance(instance.image()).invoke({}).result, 2);
});

test("the engine's own JavaScript keeps to its rules (js/primordials.js)", () => {
  const folder = new URL('../js/', import.meta.url);
  for (const name of readdirSync(folder)) {
    const lines = readFileSync(new URL(name, folder), 'utf8').split('\n');
    lines.forEach((line, at) => {
      const code = line.replace(/^\s*\/\/.*/, '');
      assert.ok(!code.includes('`'), `${name}:${at + 1}: a template literal`);
      assert.ok(line.length <= 120, `${name}:${at + 1}: a line over 120 characters`);
    });
    assert.match(lines[0], /^\/\/ Why this file exists: /, name);
    assert.ok(lines.length <= 400, `${name} is too long`);
  }
});

test('a panic says why before it ends the instance', () => {
  const instance = new Instance();
  assert.throws(() => instance.exports.lambkin_resume(), WebAssembly.RuntimeError);
  assert.match(instance.stderr, /panicked at .*\n`lambkin_boot` comes first/);
});
