// Runs one test in a realm of its own: a copy of the booted engine's memory, as each invocation of a lambda gets one. The
// engine is one built with the feature `conformance` (src/conformance.rs).
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Instance, STATUS } from '../host.mjs';

// Polls of the interrupt handler, one per 10,000 branches or calls: no test needs as many.
const POLLS = 60_000;
const encoder = new TextEncoder();

export class Realms {
  #root;
  #harness = new Map();
  #bare; // booted, with the host's objects
  #ready; // and with the harness files most tests want
  #instance;
  #folder;
  #opened;
  #printed = [];

  constructor(root) {
    this.#root = root;
    this.#instance = this.#fresh();
    if (this.#instance.exports.conformance_prepare === undefined) {
      throw new Error('LAMBKIN_ENGINE names an engine without the feature `conformance`: use `make test262`');
    }
    this.#instance.exports.lambkin_boot();
    this.#instance.exports.conformance_prepare();
    this.#bare = imageOf(this.#instance);
    for (const name of ['assert.js', 'sta.js']) {
      const { thrown } = this.#evaluate(`harness/${name}`, this.#read(name), false);
      if (thrown !== undefined) throw new Error(`harness/${name}: ${thrown.name}: ${thrown.message}`);
    }
    this.#ready = imageOf(this.#instance);
  }

  // -> {thrown?: {phase, name, message}, printed} or {broken}, which says what became of the engine
  run(path, { source, isModule, includes }) {
    this.#reset(includes.length === 0 ? this.#bare : this.#ready);
    this.#folder = dirname(path);
    this.#printed = [];
    try {
      for (const name of includes.slice(2)) {
        const { thrown } = this.#evaluate(`harness/${name}`, this.#read(name), false);
        if (thrown !== undefined) return { broken: `harness/${name}: ${thrown.name}: ${thrown.message}` };
      }
      return { ...this.#evaluate(path, source, isModule), printed: this.#printed };
    } catch (error) {
      // A trap; nothing of this instance can be used again.
      const { stderr } = this.#instance;
      this.#instance = undefined;
      return { broken: `the engine broke: ${error.message} ${stderr}`.trim() };
    }
  }

  #read(name) {
    if (!this.#harness.has(name)) this.#harness.set(name, readFileSync(`${this.#root}/harness/${name}`, 'utf8'));
    return this.#harness.get(name);
  }

  #fresh() {
    const bytes = (ptr, len) => new Uint8Array(instance.exports.memory.buffer, ptr, len);
    const text = (ptr, len) => new TextDecoder().decode(bytes(ptr, len));
    const instance = new Instance(undefined, {
      print: (ptr, len) => this.#printed.push(text(ptr, len)),
      open: (ptr, len) => {
        const name = text(ptr, len);
        try {
          this.#opened = readFileSync(`${this.#root}/${name.includes('/') ? name : `${this.#folder}/${name}`}`);
          return this.#opened.length;
        } catch {
          return -1;
        }
      },
      take: (ptr) => bytes(ptr, this.#opened.length).set(this.#opened),
    });
    // A clock that moves: some tests wait for it.
    Object.defineProperty(instance, 'clock', { get: () => Date.now() });
    return instance;
  }

  // The memory becomes what it was; beyond what the image uses there are zeros.
  #reset({ bytes, size }) {
    if (this.#instance?.exports.memory.buffer.byteLength !== size) this.#instance = this.#fresh();
    const missing = size - this.#instance.exports.memory.buffer.byteLength;
    if (missing > 0) this.#instance.exports.memory.grow(missing / 65536);
    const memory = new Uint8Array(this.#instance.exports.memory.buffer);
    memory.set(bytes);
    memory.fill(0, bytes.length);
    this.#instance.polls = 0;
    this.#instance.interruptAfter = POLLS;
  }

  #evaluate(name, source, isModule) {
    const { exports } = this.#instance;
    const content = encoder.encode(`${name}\n${source}`);
    const ptr = exports.lambkin_inbox(content.length);
    new Uint8Array(exports.memory.buffer, ptr, content.length).set(content);
    const status = STATUS[exports.conformance_evaluate(content.length, isModule ? 1 : 0)];
    if (status === 'interrupted') return { broken: 'it does not end' };
    return { thrown: status === 'done' ? undefined : JSON.parse(this.#instance.outbox.answer) };
  }
}

// An image without the zeros at its end.
function imageOf(instance) {
  const memory = new Uint32Array(instance.exports.memory.buffer);
  let end = memory.length;
  while (end > 0 && memory[end - 1] === 0) end--;
  return { bytes: new Uint8Array(memory.buffer).slice(0, end * 4), size: memory.buffer.byteLength };
}
