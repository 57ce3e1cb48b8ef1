// Compression: what the engine writes is read by the zlib of the Node that runs the tests, and the other way round; how
// fast; and what bombs come to. That it behaves as Node 10's is in node/zlib.js.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { freeze, Instance, run } from './host.mjs';

// Text with the habits of text, the same every time.
const words = Array.from({ length: 500 }, (_, i) => createHash('md5').update(`${i}`).digest('hex').slice(0, 2 + (i % 9)));
let state = 1;
const next = (below) => (state = (state * 48271) % 2147483647) % below;
const text = Array.from({ length: 20_000 }, () => words[next(next(500) + 1)]).join(' ');

const PAIRS = [
  ['gzip', 'gunzip'],
  ['deflate', 'inflate'],
  ['deflateRaw', 'inflateRaw'],
  ['brotliCompress', 'brotliDecompress'],
];
for (const [to, from] of PAIRS) {
  test(`zlib: ${to} and ${from} understand Node's`, () => {
    const options = to.startsWith('b') ? { params: { 1: 5 } } : { level: 6 };
    const packed = zlib[`${to}Sync`](text, options);
    const { result } = run(
      `const zlib = require('zlib');
      function lambda({ payload }, callback) {
        const read = zlib.${from}Sync(Buffer.from(payload.packed, 'base64')).toString();
        callback(null, { read, packed: zlib.${to}Sync(payload.text, ${JSON.stringify(options)}).toString('base64') });
      }`,
      { text, packed: packed.toString('base64') },
    );
    assert.equal(result.read, text);
    const theirs = Buffer.from(result.packed, 'base64');
    assert.equal(zlib[`${from}Sync`](theirs).toString(), text);
    assert.ok(theirs.length < packed.length * 1.1, `${theirs.length} bytes, Node needs ${packed.length}`);
  });
}

test('zlib: gzip of 1 MB is native work', () => {
  const mega = text.repeat(Math.ceil(1e6 / text.length)).slice(0, 1e6);
  const { image } = freeze(`const zlib = require('zlib'); let data;
    function lambda({ payload }, callback) {
      data = Buffer.from(payload);
      const packed = zlib.gzipSync(data);
      callback(null, packed.length);
    }`);
  const once = (payload) => {
    const instance = new Instance(image);
    const before = process.cpuUsage().user;
    const { result } = instance.invoke({ headers: [], payload }, 1n);
    return { result, milliseconds: (process.cpuUsage().user - before) / 1000 };
  };
  const runs = Array.from({ length: 7 }, () => once(mega));
  const best = Math.min(...runs.map((run) => run.milliseconds));
  assert.ok(runs[0].result < 500_000);
  console.log(`# gzip of 1 MB with the lambda around it: ${best.toFixed(1)} ms`);
  // In JavaScript it took 814 ms; the goal is 40 ms on an idle machine.
  assert.ok(best < 200, `${best} ms`);
});

const BOMB = zlib.gzipSync(Buffer.alloc(1 << 29)).toString('base64'); // 512 MiB
for (const [name, call] of Object.entries({
  gunzipSync: 'zlib.gunzipSync(bomb); callback(null, 1);',
  gunzip: 'zlib.gunzip(bomb, (error) => callback(error));',
  'a stream that keeps all': `const kept = []; const stream = zlib.createGunzip({ chunkSize: 1 << 20 });
    stream.on('data', (part) => kept.push(part)).on('end', () => callback(null, kept.length)).end(bomb);`,
})) {
  test(`zlib: a bomb in ${name} ends at the cap of the memory`, () => {
    const { failure } = run(
      `const zlib = require('zlib');
      function lambda({ payload }, callback) { const bomb = Buffer.from(payload, 'base64'); ${call} }`,
      BOMB,
    );
    assert.equal(failure.errorCode, 'com.liveperson.faas.handler.memory-limit-exceeded');
  });
}

test('zlib: a bomb that is thrown away piece by piece can be stopped', () => {
  const source = `const zlib = require('zlib');
    function lambda({ payload }, callback) {
      let total = 0;
      zlib.createGunzip().on('data', (part) => { total += part.length; }).on('end', () => callback(null, total))
        .end(Buffer.from(payload, 'base64'));
    }`;
  const { interrupted } = run(source, BOMB, { interruptInvoke: 5 });
  assert.equal(typeof interrupted, 'string');
});

test('zlib: many streams that nobody closes end at the cap too', () => {
  const source = `const zlib = require('zlib');
    function lambda(input, callback) { const kept = []; for (;;) kept.push(zlib.createDeflate()); }`;
  const { failure } = run(source, {});
  assert.equal(failure.errorCode, 'com.liveperson.faas.handler.memory-limit-exceeded');
});

test('zlib: one buffer as input and output, through the inner interface', () => {
  const { result } = run(
    `const zlib = require('zlib');
    function lambda(input, callback) {
      const stream = zlib.createDeflateRaw();
      const both = Buffer.alloc(4096, 'ab');
      stream._handle.writeSync(zlib.constants.Z_FINISH, both, 0, 2048, both, 0, 4096);
      const size = 4096 - stream._writeState[0];
      callback(null, zlib.inflateRawSync(both.slice(0, size)).toString() === 'ab'.repeat(1024));
    }`,
    {},
  );
  assert.equal(result, true);
});
