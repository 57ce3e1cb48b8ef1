// Why this file exists: TextEncoder and TextDecoder as the Encoding standard has them.
// The work is done in Rust (src/text.rs); here are the classes, their arguments and the state of a stream.
(function textEncodings(engine) {
  'use strict';
  const { natives } = engine;
  const { bufferByteLength, dataViewBuffer, dataViewByteLength, dataViewByteOffset, defineProperty, expose } =
    engine.primordials;
  const { isView, viewBuffer, viewByteLength, viewByteOffset, viewTag } =
    engine.primordials;
  const { RangeError, String, Symbol, TypeError, Uint8Array } = engine.primordials;

  const withCode = (error, code) => {
    error.code = code;
    return error;
  };

  // The bytes behind an ArrayBuffer or a view, without copying them.
  const bytesOf = (source) => {
    if (source === undefined) return new Uint8Array(0);
    if (isView(source)) {
      return viewTag(source) === undefined
        ? new Uint8Array(dataViewBuffer(source), dataViewByteOffset(source), dataViewByteLength(source))
        : new Uint8Array(viewBuffer(source), viewByteOffset(source), viewByteLength(source));
    }
    try {
      bufferByteLength(source);
    } catch {
      const message = 'The "input" argument must be an instance of ArrayBuffer or ArrayBufferView.';
      throw withCode(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
    }
    return new Uint8Array(source);
  };

  const notOurs = (name) => withCode(new TypeError('Value of "this" must be of type ' + name), 'ERR_INVALID_THIS');

  class TextEncoder {
    #isOurs = true;

    static #check(self) {
      if (typeof self !== 'object' || self === null || !(#isOurs in self)) throw notOurs('TextEncoder');
    }

    get encoding() {
      TextEncoder.#check(this);
      return 'utf-8';
    }

    encode(text = '') {
      TextEncoder.#check(this);
      return natives.encode(String(text));
    }

    encodeInto(source, destination) {
      TextEncoder.#check(this);
      if (viewTag(destination) !== 'Uint8Array') {
        const message = 'The "destination" argument must be an instance of Uint8Array.';
        throw withCode(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
      }
      const counts = natives.encodeInto(String(source), destination);
      return { read: counts[0], written: counts[1] };
    }
  }

  class TextDecoder {
    #encoding;
    #isFatal;
    #ignoresMark;
    #state = 0; // what a stream carries from one chunk to the next (src/text.rs)

    constructor(label = 'utf-8', options = undefined) {
      const encoding = natives.encodingOf(String(label));
      if (encoding === undefined) {
        const message = 'The "' + label + '" encoding is not supported';
        throw withCode(new RangeError(message), 'ERR_ENCODING_NOT_SUPPORTED');
      }
      this.#encoding = encoding;
      this.#isFatal = !!options?.fatal;
      this.#ignoresMark = !!options?.ignoreBOM;
    }

    static #check(self) {
      if (typeof self !== 'object' || self === null || !(#encoding in self)) throw notOurs('TextDecoder');
    }

    get encoding() {
      TextDecoder.#check(this);
      return this.#encoding;
    }

    get fatal() {
      TextDecoder.#check(this);
      return this.#isFatal;
    }

    get ignoreBOM() {
      TextDecoder.#check(this);
      return this.#ignoresMark;
    }

    decode(input = undefined, options = undefined) {
      TextDecoder.#check(this);
      const isStream = !!options?.stream;
      const bytes = bytesOf(input);
      const before = this.#state;
      this.#state = 0;
      const text = natives.decode(this.#encoding, bytes, before, isStream, this.#ignoresMark);
      const after = natives.decodeState();
      if (this.#isFatal && natives.decodeFailed()) {
        const message = 'The encoded data was not valid for encoding ' + this.#encoding;
        throw withCode(new TypeError(message), 'ERR_ENCODING_INVALID_ENCODED_DATA');
      }
      if (isStream) this.#state = after;
      return text;
    }
  }

  for (const type of [TextEncoder, TextDecoder]) {
    defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true });
    expose(type.name, type);
  }
  engine.bytesOf = bytesOf;
})
