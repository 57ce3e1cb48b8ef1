// Why this file exists: what requests and responses carry: a body that is either in memory or still with the host
// (js/operations.js), the stream it can be read as, and the methods that read all of it (fetch.spec.whatwg.org).
(function bodies(engine) {
  'use strict';
  const { natives } = engine;
  const { Blob, bytesOfBlob, decode, entriesOf, isBlob, isBuffer } = engine.forms;
  const { multipart, readForm } = engine.formBodies;
  const { defineProperty, expose, jsonParse, viewBuffer, viewByteLength, viewSlice } = engine.primordials;
  const { Promise, String, Symbol, TypeError, Uint8Array } = engine.primordials;

  const MOST = 1 << 30; // "everything", for a read: the host's cap is lower

  const bufferOf = (bytes) => viewBuffer(viewSlice(bytes));
  const copyOf = (value) => viewSlice(engine.bytesOf(value));

  // A body: bytes in memory, or the host's number for bytes that are still to be read.
  const newBody = (bytes, handle = 0) => ({
    __proto__: null,
    bytes,
    handle,
    isUsed: false,
    signal: undefined,
    stream: undefined,
  });

  // What somebody gave as a body, and the content type that goes with it.
  const extract = (value) => {
    if (value === undefined || value === null) return { body: null, type: undefined };
    if (isBlob(value)) return { body: newBody(bytesOfBlob(value)), type: value.type === '' ? undefined : value.type };
    if (isBuffer(value)) return { body: newBody(copyOf(value)), type: undefined };
    const entries = entriesOf(value);
    if (entries !== undefined) {
      const { bytes, type } = multipart(entries);
      return { body: newBody(bytes), type };
    }
    const own = bodyOfStream(value);
    if (own !== undefined) return { body: own, type: undefined };
    const isSearch = engine.isSearchParams?.(value) === true;
    const type = isSearch ? 'application/x-www-form-urlencoded;charset=UTF-8' : 'text/plain;charset=UTF-8';
    return { body: newBody(natives.encode(String(value))), type };
  };

  // An operation as a promise, which a signal ends before its time.
  const operate = (signal, start) =>
    new Promise((resolve, reject) => {
      let release = () => {};
      const id = start((error, answer, isLast) => {
        release();
        if (error === undefined) resolve({ __proto__: null, answer, isLast });
        else reject(error);
      });
      if (signal === undefined) return;
      release = engine.onAbort(signal, (reason) => {
        engine.http.cancel(id);
        reject(reason);
      });
    });

  const read = (body, atLeast) =>
    operate(body.signal, (settle) => engine.http.read(body.handle, atLeast, settle));

  // The next bytes, or undefined when there are none left.
  const next = async (body) => {
    if (body.bytes !== undefined) {
      const { bytes } = body;
      body.bytes = undefined;
      return viewByteLength(bytes) === 0 ? undefined : bytes;
    }
    if (body.handle === 0) return undefined;
    const { answer, isLast } = await read(body, 1);
    if (isLast) body.handle = 0;
    return viewByteLength(answer) === 0 ? undefined : answer;
  };

  const all = async (body) => {
    if (body === null) return new Uint8Array(0);
    if (body.isUsed) throw new TypeError('Body is unusable: Body has already been read');
    body.isUsed = true;
    if (body.bytes !== undefined) return body.bytes;
    if (body.handle === 0) return new Uint8Array(0);
    const { answer } = await read(body, MOST);
    body.handle = 0;
    return answer;
  };

  const discard = (body) => {
    if (body === null) return;
    body.isUsed = true;
    body.bytes = undefined;
    if (body.handle !== 0) engine.http.discard(body.handle);
    body.handle = 0;
  };

  // Two bodies of one: what is still with the host is read once, by whoever comes first, for both.
  const tee = (body) => {
    if (body === null) return null;
    if (body.isUsed) throw new TypeError('Response.clone: Body has already been consumed.');
    if (body.bytes === undefined) {
      throw new TypeError('Response.clone: the body is not in memory yet; read it once and keep the result');
    }
    return newBody(body.bytes);
  };

  // A body in the hands of somebody else.
  const move = (body) => {
    if (body.isUsed) throw new TypeError('Request: the body of the input was read already.');
    const moved = newBody(body.bytes, body.handle);
    moved.signal = body.signal;
    return moved;
  };

  let bodyOfStream;
  const KEY = {};

  class ReadableStream {
    #body;
    #reader;

    constructor(key, body) {
      if (key !== KEY) {
        throw new TypeError('streams of your own are not available in a lambda: give the bytes or the text itself');
      }
      this.#body = body;
    }

    static {
      bodyOfStream = (value) =>
        typeof value === 'object' && value !== null && #body in value ? value.#body : undefined;
    }

    get locked() {
      return this.#reader !== undefined;
    }
    async cancel() {
      discard(this.#body);
    }
    getReader() {
      if (this.#reader !== undefined) throw new TypeError('Invalid state: ReadableStream is locked');
      const body = this.#body;
      const stream = this;
      const reader = {
        async read() {
          body.isUsed = true;
          const value = await next(body);
          return value === undefined ? { value, done: true } : { value, done: false };
        },
        releaseLock() {
          if (stream.#reader === reader) stream.#reader = undefined;
        },
        async cancel() {
          discard(body);
        },
      };
      this.#reader = reader;
      return reader;
    }
    async *[Symbol.asyncIterator]() {
      const reader = this.getReader();
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return;
          yield value;
        }
      } finally {
        discard(this.#body);
        reader.releaseLock();
      }
    }
  }

  const streamOf = (body) => {
    if (body === null) return null;
    body.stream ??= new ReadableStream(KEY, body);
    return body.stream;
  };

  // The methods Request and Response share; `bodyOf(self)` throws for anything else.
  engine.mixBody = (type, bodyOf) => {
    const methods = {
      async arrayBuffer() {
        return bufferOf(await all(bodyOf(this)));
      },
      async bytes() {
        return viewSlice(await all(bodyOf(this)));
      },
      async blob() {
        const bytes = await all(bodyOf(this));
        return new Blob([bytes], { type: this.headers.get('content-type') ?? '' });
      },
      async formData() {
        const body = bodyOf(this);
        return readForm(await all(body), this.headers.get('content-type') ?? '');
      },
      async json() {
        return jsonParse(decode(await all(bodyOf(this))));
      },
      async text() {
        return decode(await all(bodyOf(this)));
      },
    };
    for (const name in methods) {
      const value = methods[name];
      defineProperty(type.prototype, name, { value, writable: true, enumerable: true, configurable: true });
    }
    const getters = {
      body: function body() {
        return streamOf(bodyOf(this));
      },
      bodyUsed: function bodyUsed() {
        return bodyOf(this)?.isUsed ?? false;
      },
    };
    for (const name in getters) {
      defineProperty(type.prototype, name, { get: getters[name], enumerable: true, configurable: true });
    }
  };
  const stream = (bytes) => streamOf(newBody(bytes));
  engine.bodies = { __proto__: null, all, extract, move, newBody, operate, stream, tee };

  defineProperty(ReadableStream.prototype, Symbol.toStringTag, { value: 'ReadableStream', configurable: true });
  expose('ReadableStream', ReadableStream);
})
