// A host for the engine in plain Node: the WASI stubs and imports it needs, snapshots, and the calls of the ABI. The
// real host is runtime/; this one exists so that the engine can be tested, in milliseconds, without it.
import { readFileSync } from 'node:fs';

const ENGINE = process.env.LAMBKIN_ENGINE ?? new URL('../../target/engine/engine.wasm', import.meta.url).pathname;
export const STATUS = ['idle', 'done', 'failed', 'waiting', 'interrupted', 'refused'];
export const LEVELS = ['Debug', 'Info', 'Warn', 'Error'];
export const WARNINGS = ['clock', 'random', 'environment'];
const NO_TIMER = 0xffffffff;
const PAGE = 4096;
const START = 1_700_000_000_000; // the clock's first reading

// The engine's memory has no maximum of its own; the real host's limiter is played by one in the module.
function withMemoryMaximum(bytes, pages) {
  const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
  const read = (at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      value |= (bytes[at] & 127) << shift;
      if (bytes[at++] < 128) return [value, at];
    }
  };
  for (let at = 8; at < bytes.length; ) {
    const [size, start] = read(at + 1);
    if (bytes[at] === 5) {
      if (bytes[start] !== 1 || bytes[start + 1] !== 0) throw new Error('expected one memory without a maximum');
      const [minimum] = read(start + 2);
      const content = [1, 1, ...leb(minimum), ...leb(pages)];
      const section = [5, ...leb(content.length), ...content];
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(section), bytes.subarray(start + size)]);
    }
    at = start + size;
  }
  throw new Error('no memory');
}

export const module = new WebAssembly.Module(withMemoryMaximum(readFileSync(ENGINE), 4096));

// What the base image or an image is: bytes, and nothing else.
export class Image {
  constructor(bytes) {
    this.bytes = bytes;
  }
}

export class Instance {
  #random = 7;

  // `conformance`: the imports that only an engine built for test262 has.
  constructor(image, conformance = {}) {
    this.logs = [];
    this.warnings = new Set();
    this.stderr = '';
    this.clock = START;
    this.polls = 0;
    this.interruptAfter = Infinity; // polls of the interrupt handler
    this.lastOperation = 0;
    this.operations = new Map(); // those that are open
    this.ended = [];
    this.cancelled = [];
    const text = (ptr, len) => new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes(ptr, len));
    const lambkin = {
      log: (level, timestamp, messagePtr, messageLen, extrasPtr, extrasLen) => {
        const message = JSON.parse(text(messagePtr, messageLen));
        this.logs.push({ level: LEVELS[level], message, extras: JSON.parse(text(extrasPtr, extrasLen)), timestamp });
      },
      now: () => this.clock,
      interrupted: () => (++this.polls > this.interruptAfter ? 1 : 0),
      warn: (kind) => this.warnings.add(WARNINGS[kind]),
      settled: () => {},
      // `answer(kind, head, body)` plays the world outside: {form, bytes}, or nothing for "not yet".
      op_start: (kind, headPtr, headLen, bodyPtr, bodyLen) => {
        if (this.answer === undefined) return -1;
        const id = ++this.lastOperation;
        this.operations.set(id, { kind, head: JSON.parse(text(headPtr, headLen)), bytes: this.#bytes(bodyPtr, bodyLen).slice() });
        return id;
      },
      op_cancel: (id) => {
        this.operations.delete(id);
        this.cancelled.push(id);
      },
      op_next: (out) => {
        const next = this.ended.shift();
        if (next === undefined) return 0;
        this.current = next.bytes;
        [next.id, next.form, next.bytes.length].forEach((word, i) => this.#view().setUint32(out + 4 * i, word, true));
        return 1;
      },
      op_take: (out) => {
        if (out !== 0) this.#bytes(out, this.current.length).set(this.current);
      },
    };
    const wasi = {
      clock_time_get: (_id, _precision, out) => {
        this.#view().setBigUint64(out, BigInt(START) * 1_000_000n, true);
        return 0;
      },
      random_get: (ptr, len) => {
        // Never twice the same, and in every run the same.
        for (let at = 0; at < len; at++) {
          this.#random = (Math.imul(this.#random, 1664525) + 1013904223) >>> 0;
          this.#bytes(ptr, len)[at] = this.#random >>> 24;
        }
        return 0;
      },
      fd_write: (fd, iovs, count, written) => {
        let total = 0;
        for (let i = 0; i < count; i++) {
          const ptr = this.#view().getUint32(iovs + 8 * i, true);
          const len = this.#view().getUint32(iovs + 8 * i + 4, true);
          this.stderr += text(ptr, len);
          total += len;
        }
        this.#view().setUint32(written, total, true);
        return 0;
      },
      environ_sizes_get: (count, size) => {
        this.#view().setUint32(count, 0, true);
        this.#view().setUint32(size, 0, true);
        return 0;
      },
      environ_get: () => 0,
      proc_exit: (code) => {
        throw new Error(`proc_exit(${code}): ${this.stderr}`);
      },
    };
    const imports = { lambkin, conformance, wasi_snapshot_preview1: {} };
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      if (from === 'wasi_snapshot_preview1') imports[from][name] = wasi[name] ?? (() => 52); // ENOSYS
    }
    this.exports = new WebAssembly.Instance(module, imports).exports;
    if (image === undefined) {
      this.exports._initialize();
    } else {
      const missing = image.bytes.length - this.exports.memory.buffer.byteLength;
      if (missing > 0) this.exports.memory.grow(missing / 65536);
      new Uint8Array(this.exports.memory.buffer).set(image.bytes);
    }
  }

  #bytes(ptr, len) {
    return new Uint8Array(this.exports.memory.buffer, ptr, len);
  }

  #view() {
    return new DataView(this.exports.memory.buffer);
  }

  image() {
    return new Image(new Uint8Array(this.exports.memory.buffer).slice());
  }

  #send(content) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const ptr = this.exports.lambkin_inbox(bytes.length);
    this.#bytes(ptr, bytes.length).set(bytes);
    return bytes.length;
  }

  get outbox() {
    const words = new Uint32Array(this.exports.memory.buffer, this.exports.lambkin_outbox(), 3);
    const answer = new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes(words[0], words[1]));
    return { answer, wait: words[2] };
  }

  environment(values) {
    return STATUS[this.exports.lambkin_environment(this.#send(JSON.stringify(values)))];
  }

  freeze(source) {
    const status = STATUS[this.exports.lambkin_freeze(this.#send(source))];
    return status === 'refused' ? { status, ...JSON.parse(this.outbox.answer) } : { status };
  }

  // One call of `invoke`, without what follows.
  start(envelope, seed = 1n) {
    const text = typeof envelope === 'string' || envelope instanceof Uint8Array ? envelope : JSON.stringify(envelope);
    return STATUS[this.exports.lambkin_invoke(this.#send(text), seed)];
  }

  resume() {
    return STATUS[this.exports.lambkin_resume()];
  }

  renew() {
    return STATUS[this.exports.lambkin_renew()];
  }

  // What the world outside has answered by now.
  #endOperations() {
    for (const [id, { kind, head, bytes }] of this.operations) {
      const answer = this.answer(kind, head, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      if (answer === undefined) continue;
      this.operations.delete(id);
      this.ended.push({ id, form: answer.form, bytes: new TextEncoder().encode(answer.bytes) });
    }
  }

  // A whole invocation: the reply, and what the event loop does after it. Waiting moves the clock.
  invoke(envelope, seed) {
    const outcome = { waits: [], waitsAfterReply: [] };
    let status = this.start(envelope, seed);
    for (let calls = 0; ; calls++) {
      if (calls > 100_000) throw new Error('the event loop never ends');
      if (status === 'waiting') {
        const { wait } = this.outbox;
        (outcome.status ? outcome.waitsAfterReply : outcome.waits).push(wait);
        const open = this.operations.size;
        this.#endOperations();
        if (wait === NO_TIMER && open === this.operations.size) throw new Error('it waits for nothing');
        if (wait !== NO_TIMER && open === this.operations.size) this.clock += wait / 1000;
      } else if (status === 'done' || status === 'failed') {
        if (outcome.status !== undefined) throw new Error('two replies');
        outcome.status = status;
        const { answer, wait: more } = this.outbox;
        outcome.more = more !== 0;
        if (status === 'done') outcome.result = answer === '' ? undefined : JSON.parse(answer);
        else outcome.failure = JSON.parse(answer);
      } else if (status === 'interrupted') {
        outcome.interrupted = this.outbox.answer;
        return outcome;
      } else if (status === 'idle') {
        if (outcome.status === undefined) throw new Error('idle without a reply');
        return outcome;
      } else {
        throw new Error(`unexpected status ${status}`);
      }
      status = this.resume();
      if (outcome.more === false && status !== 'idle') throw new Error('the reply said that nothing is left to do');
    }
  }
}

let base;
export function baseImage() {
  if (base === undefined) {
    const instance = new Instance();
    instance.exports.lambkin_boot();
    base = instance.image();
  }
  return base;
}

// source -> {status: 'idle', image, warnings, logs} or the refusal.
export function freeze(source, { environment, interruptAfter } = {}) {
  const instance = new Instance(baseImage());
  if (interruptAfter !== undefined) instance.interruptAfter = interruptAfter;
  if (environment !== undefined) instance.environment(environment);
  const outcome = instance.freeze(source);
  return { ...outcome, image: instance.image(), warnings: [...instance.warnings].sort(), logs: instance.logs, instance };
}

// Freezes and invokes: the shortest way from a lambda's source to what came of it.
export function run(source, payload, options = {}) {
  const frozen = freeze(source, options);
  if (frozen.status !== 'idle') throw new Error(`refused: ${JSON.stringify(frozen, ['status', 'kind', 'message', 'stack'])}`);
  const instance = new Instance(frozen.image);
  instance.answer = options.answer;
  if (options.interruptInvoke !== undefined) instance.interruptAfter = options.interruptInvoke;
  const envelope = options.envelope ?? { headers: [], payload };
  const outcome = instance.invoke(envelope, options.seed);
  return { ...outcome, logs: instance.logs, instance, frozen };
}

// 4 KiB pages that differ, and how many runs of neighbouring pages they form.
export function dirty(before, after) {
  const pages = [];
  for (let at = 0; at < after.length; at += PAGE) {
    const old = at < before.length ? before.subarray(at, at + PAGE) : undefined;
    const now = after.subarray(at, at + PAGE);
    if (old === undefined ? now.some((byte) => byte !== 0) : Buffer.compare(old, now) !== 0) pages.push(at / PAGE);
  }
  const regions = pages.filter((page, i) => i === 0 || pages[i - 1] !== page - 1).length;
  return { pages, regions };
}
