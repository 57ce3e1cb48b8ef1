// Why this file exists: the classes Node's `zlib` asks its binding for, over the natives of src/node/zlib.rs.
'use strict';
const { node } = engine;
const { types } = require('internal/bindings');
const { setImmediate } = engine.timers;

const bytes = (view) => (types.isDataView(view) ? engine.bytesOf(view) : view);
const EMPTY = new Uint8Array(0);

class Codec {
  constructor(mode) {
    this.mode = mode;
    this.isWriting = false;
    this.closesLater = false;
  }
  start(number, state, callback) {
    this.number = number;
    this.state = state;
    this.callback = callback;
    return number !== undefined;
  }
  // Whether all went well; if not the stream was told, and is of no use any more.
  settle(failure) {
    if (failure === undefined) return true;
    this.isWriting = false;
    this.onerror(...failure);
    if (this.closesLater) this.close();
    return false;
  }
  work(flush, input, inOffset, inLength, output, outOffset, outLength) {
    const source = input === null ? EMPTY : bytes(input);
    return node.zlibWrite(this.number, flush, [inOffset, inLength, outOffset, outLength], source, output, this.state);
  }
  writeSync(...what) {
    this.settle(this.work(...what));
  }
  write(...what) {
    this.isWriting = true;
    setImmediate(() => {
      const failure = this.work(...what);
      this.isWriting = false;
      if (!this.settle(failure)) return;
      this.callback();
      if (this.closesLater) this.close();
    });
  }
  params(level, strategy) {
    this.settle(node.zlibParams(this.number, level, strategy));
  }
  reset() {
    this.settle(node.zlibReset(this.number));
  }
  close() {
    if (this.isWriting) {
      this.closesLater = true;
      return;
    }
    this.closesLater = false;
    if (this.number !== undefined) node.zlibClose(this.number);
    this.number = undefined;
  }
}

class Zlib extends Codec {
  init(windowBits, level, memLevel, strategy, state, callback, dictionary) {
    const settings = [this.mode, windowBits, level, memLevel, strategy];
    const number = node.zlibStart(settings, dictionary === undefined ? undefined : bytes(dictionary));
    return this.start(number, state, callback);
  }
}

class Brotli extends Codec {
  init(parameters, state, callback) {
    // 0xffffffff is how the library says that one is not set.
    const values = Array.from(parameters, (value) => (value === 0xffffffff ? -1 : value));
    return this.start(node.brotliStart(this.compresses, values), state, callback);
  }
}
class BrotliEncoder extends Brotli {}
class BrotliDecoder extends Brotli {}
BrotliEncoder.prototype.compresses = true;
BrotliDecoder.prototype.compresses = false;

module.exports = { Zlib, BrotliEncoder, BrotliDecoder };
