// Reuse: one instance that serves several invocations of its lambda keeps what the lambda keeps, and nothing of the
// invocations themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Instance, freeze } from './host.mjs';

// The outcomes of one instance that is given these payloads one after the other, as long as it is fit for another.
function serve(source, payloads, answer) {
  const { image, status, message } = freeze(source);
  assert.equal(status, 'idle', message);
  const instance = new Instance(image);
  instance.answer = answer;
  const outcomes = [];
  for (const payload of payloads) {
    if (outcomes.length > 0 && instance.renew() !== 'idle') break;
    instance.logs = [];
    const { status: ended, result, failure } = instance.invoke({ headers: [], payload }, BigInt(outcomes.length));
    outcomes.push({ status: ended, result, failure, logs: instance.logs.map((entry) => entry.message) });
    instance.clock += 60_000;
  }
  return { outcomes, instance };
}

const results = (source, payloads) => serve(source, payloads).outcomes.map((outcome) => outcome.result);

test('reuse: variables, globals and the environment stay', () => {
  const source = `let count = 0; const cache = new Map();
    function lambda(input, callback) {
      cache.set(input.payload, ++count); process.env.LAST = (process.env.LAST || '') + input.payload; globalThis.seen = count;
      callback(null, [...cache, process.env.LAST, seen].flat()); }`;
  assert.deepEqual(results(source, ['a', 'b']), [['a', 1, 'a', 1], ['a', 1, 'b', 2, 'ab', 2]]);
});

test('reuse: clocks, randomness and timers belong to the invocation', () => {
  const source = `function lambda(input, callback) {
    const began = Date.now(); const random = Math.random();
    setTimeout(() => callback(null, [Date.now() - began, random, Math.round(performance.now())]), 25); }`;
  const [first, second, third] = results(source, [1, 2, 3]);
  assert.deepEqual([first[0], second[0], third[0]], [25, 25, 25]);
  assert.deepEqual([first[2], second[2], third[2]], [25, 25, 25]);
  assert.equal(new Set([first[1], second[1], third[1]]).size, 3);
});

test('reuse: a callback, a promise or a result of an earlier invocation settles no later one', () => {
  const source = `let old, settle; const never = new Promise((resolve) => { settle = resolve; });
    async function lambda(input, callback) {
      if (old === undefined) { old = callback; callback(null, 'first'); await never; return 'too late'; }
      settle(); old(null, 'of the first'); old(new Error('of the first'));
      await null; await null; await null;
      callback(null, ['second', old === callback]); }`;
  assert.deepEqual(results(source, [1, 2]), ['first', ['second', false]]);
});

test('reuse: what an earlier invocation still throws is logged, fails nobody, and ends the instance', () => {
  const source = `let reject;
    async function lambda(input, callback) {
      if (reject === undefined) { callback(null, 1); await new Promise((resolve, no) => { reject = no; }); return; }
      reject(new Error('late')); await null; await null; await null;
      callback(null, input.payload); }`;
  const { outcomes, instance } = serve(source, [1, 2, 3]);
  assert.deepEqual(outcomes.map((outcome) => outcome.result), [1, 2]);
  assert.deepEqual(outcomes[1].logs, ['Error of an earlier invocation of this instance: Error: late']);
  assert.equal(instance.renew(), 'refused');
});

test('reuse: timers and immediates that kept nothing alive end with their invocation', () => {
  const source = `let fired = 0; const late = () => { fired++; throw new Error('late'); }; let old;
    function lambda(input, callback) {
      if (input.payload === 1) {
        old = [setTimeout(late, 1000).unref(), setInterval(late, 1000).unref(), setImmediate(late).unref()];
        return callback(null, fired); }
      if (input.payload === 2) { clearTimeout(old[0]); old[1].ref(); clearImmediate(old[2]); }
      if (input.payload === 3) { old[1].refresh(); clearInterval(old[1]); }
      setTimeout(() => callback(null, [fired]), 5000); }`;
  assert.deepEqual(results(source, [1, 2, 3, 4]), [0, [0], [0], [0]]);
});

test('reuse: an answer that is left of an earlier invocation is not read on, nor thrown away, in place of another', () => {
  // The host begins to count bodies anew with each invocation.
  const [REQUEST, READ, DISCARD] = [1, 2, 3];
  let bodies;
  const answer = (kind, head) => {
    if (kind === REQUEST) {
      bodies.push(head.url);
      const answered = { status: 200, statusText: 'OK', httpVersion: '1.1', headers: [], url: head.url, redirected: false, body: bodies.length };
      return { form: 0, bytes: JSON.stringify(answered) };
    }
    if (kind === DISCARD) bodies[head.body - 1] = undefined;
    if (kind !== READ) return { form: 0, bytes: 'null' };
    const text = bodies[head.body - 1];
    return text === undefined ? { form: 1, bytes: '{"code":"ERR_STREAM_PREMATURE_CLOSE","message":"gone"}' } : { form: 3, bytes: text };
  };
  const source = `let read, thrown;
    async function lambda(input, callback) {
      if (input.payload === 1) {
        read = await fetch('http://a.example/old'); thrown = await fetch('http://a.example/older'); return callback(null, 1); }
      const [one, two] = [await fetch('http://a.example/1'), await fetch('http://a.example/2')];
      const late = await read.text().catch((error) => error.message);
      await thrown.body.cancel();
      callback(null, [late, await one.text(), await two.text()]); }`;
  const { image, status, message } = freeze(source);
  assert.equal(status, 'idle', message);
  const instance = new Instance(image);
  instance.answer = answer;
  bodies = [];
  assert.equal(instance.invoke({ payload: 1 }, 1n).result, 1);
  assert.equal(instance.renew(), 'idle');
  bodies = [];
  const { result } = instance.invoke({ payload: 2 }, 2n);
  assert.match(result[0], /gone|premature/i);
  assert.deepEqual(result.slice(1), ['http://a.example/1', 'http://a.example/2']);
});

for (const [what, source] of [
  ['a failure', "function lambda(input, callback) { callback(new Error('no')); }"],
  ['a throw', "function lambda() { throw new Error('no'); }"],
  ['a result that is no JSON', 'function lambda(input, callback) { callback(null, 1n); }'],
  ['an error after the callback', "function lambda(input, callback) { callback(null, 1); throw new Error('late'); }"],
  ['an error in a timer after the callback', "function lambda(input, callback) { callback(null, 1); setTimeout(() => { throw new Error('late'); }, 1); }"],
  ['an unhandled rejection', "function lambda(input, callback) { Promise.reject(new Error('nobody')); callback(null, 1); setTimeout(() => {}, 1); }"],
]) {
  test(`reuse: none after ${what}`, () => {
    const { outcomes, instance } = serve(source, [1, 2]);
    assert.equal(outcomes.length, 1);
    assert.equal(instance.renew(), 'refused');
  });
}

test('reuse: an instance that has not answered is not renewed', () => {
  const { image } = freeze('function lambda(input, callback) { callback(null, 1); }');
  assert.equal(new Instance(image).renew(), 'refused');
});

test('reuse: what one invocation cost is given back', () => {
  const { image } = freeze(`function lambda(input, callback) {
    const big = Array.from({ length: 20_000 }, (_, i) => ({ i, text: 'x'.repeat(i % 50) })); callback(null, big); }`);
  const instance = new Instance(image);
  let after;
  for (let round = 0; round < 60; round++) {
    if (round > 0) assert.equal(instance.renew(), 'idle');
    assert.equal(instance.invoke({ payload: 'y'.repeat(100_000) }, 1n).status, 'done');
    if (round === 10) after = instance.exports.memory.buffer.byteLength;
  }
  assert.equal(instance.exports.memory.buffer.byteLength, after);
});
