// Why this file exists: a request that nobody looks at (internal/unseen_requests.js) is handed to the host without
// Node's `http`. When somebody looks after all, Node's `http` has to find itself where it would be by then: this keeps what
// the host has said, and says it again to the connection that comes later.
'use strict';
const { Buffer } = require('buffer');
const { http } = engine;

class Exchange {
  #call = 0; // the operation that is under way
  #settle; // who waits for it; may change while it is under way
  #answer; // [error, answer], once it is there
  #parts = []; // of its body: [error, bytes, isLast]
  #wentOn;

  // `wentOn` is called when the host says something, before who waits for it.
  constructor(wentOn) {
    this.#wentOn = wentOn;
  }

  request(head, body, settle) {
    this.#settle = settle;
    this.#call = http.request(head, body, (error, answer) => {
      this.#call = 0;
      this.#answer = [error, answer];
      this.#wentOn();
      this.#settle(error, answer);
    });
  }

  read(body, settle) {
    this.#settle = settle;
    this.#call = http.read(body, 1, (error, bytes, isLast) => {
      this.#call = 0;
      this.#parts.push([error, bytes, isLast]);
      this.#wentOn();
      this.#settle(error, bytes, isLast);
    });
  }

  get isUnderWay() {
    return this.#call !== 0;
  }

  // All that came of the body.
  get bytes() {
    const parts = this.#parts;
    if (parts.length !== 1) return Buffer.concat(parts.map((part) => part[1]));
    const bytes = parts[0][1];
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  // What a connection takes for `engine.http`.
  handOver() {
    let lastId = 0;
    let at = 0;
    const due = new Set();
    const again = (outcome, settle) => {
      const id = --lastId;
      due.add(id);
      process.nextTick(() => {
        if (due.delete(id)) settle(...outcome);
      });
      return id;
    };
    const isKept = () => at < this.#parts.length;
    return {
      __proto__: null,
      request: (head, body, settle) => {
        if (this.#answer !== undefined) return again(this.#answer, settle);
        this.#settle = settle;
        return this.#call;
      },
      read: (body, atLeast, settle) => {
        if (isKept()) return again(this.#parts[at++], settle);
        if (this.#call === 0) return http.read(body, atLeast, settle);
        this.#settle = settle;
        at++; // it will be kept, and needs not
        return this.#call;
      },
      discard: (body) => {
        const last = this.#parts[this.#parts.length - 1];
        if (last === undefined || (last[0] === undefined && !last[2])) http.discard(body);
      },
      cancel: (id) => {
        if (!due.delete(id)) http.cancel(id);
      },
    };
  }
}

// What the next connection that sends something takes for `engine.http`.
let prepared;
module.exports = {
  Exchange,
  prepare(given) {
    prepared = given;
  },
  take() {
    const given = prepared;
    prepared = undefined;
    return given ?? http;
  },
};
