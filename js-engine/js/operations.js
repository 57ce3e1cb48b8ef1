// Why this file exists: who waits for which operation outside of the guest (src/operations.rs), and HTTP and secrets as
// the files after this one see them. `fetch` is built on it, and so is whatever else makes requests:
//
//   engine.http.request(head, body, settle) -> id
//     head: { method, url, headers: [[name, value], …], redirect, maxRedirects, decode, timeout }
//       method      text; the host makes `GET` of nothing
//       url         absolute, http or https
//       headers     in order, values as Latin-1; those the host decides itself (`host`, `connection`, `content-length`
//                   and their like) are dropped
//       redirect    'follow', 'manual' (the default: the answer is the redirect) or 'error'
//       maxRedirects  for 'follow', at most 20
//       decode      true: the host asks for gzip, deflate and br and undoes them
//       timeout     milliseconds until the head of the answer is there; 0 is none but the invocation's
//       identity    { key, cert, ca, allowSelfSigned }, PEM texts: the certificate that is shown to the server, and
//                   whose certificates are believed
//     body: a Uint8Array, or undefined
//     settle(error, answer): called once, from the event loop
//       answer: { status, statusText, httpVersion, headers: [[name, value], …], url, redirected, body }
//         body      a number that names the body, which stays with the host; 0 when there is none
//       error: an Error with `code` as in Node (ENOTFOUND, ECONNREFUSED, ETIMEDOUT, …)
//   engine.http.read(body, atLeast, settle) -> id
//     the next bytes, as soon as there are `atLeast` of them or no more are coming
//     settle(error, bytes, isLast): bytes is a Uint8Array; after the last ones the body is gone
//   engine.http.discard(body): nobody will read the rest
//   engine.http.cancel(id): settle will not be called; a request is given up, its connection closed
//
// A host that is not on the whitelist is answered with status 403 like any other answer, as the contract has it.
//   engine.secrets.read(key, settle) -> id; engine.secrets.update(key, value, settle) -> id
//     settle(error, { key, value }): error is an Error whose `code` is one of the contract's for secrets
//
//   engine.invoke(call, settle) -> id: calls another lambda of the same account
//     call: { uuid, payload, headers: [{ key, value }, …], timeout }, timeout in milliseconds
//     settle(error, { statusCode, headers, body }): what its invoke endpoint would have answered
//
// `request` and `read` throw when the host starts nothing: at the top level, or with too many calls open.
(function operations(engine) {
  'use strict';
  const { entries, natives } = engine;
  const { jsonStringify, mapDelete, mapGet, mapSet, Error, Map, Uint8Array } = engine.primordials;

  const REQUEST = 1;
  const READ = 2;
  const DISCARD = 3;
  const READ_SECRET = 4;
  const UPDATE_SECRET = 5;
  const INVOKE = 6;
  const FAILED = 1;
  const LAST_BYTES = 3;

  const waiting = new Map();

  const start = (kind, head, body, settle) => {
    const id = natives.startOperation(kind, jsonStringify(head), body);
    mapSet(waiting, id, settle);
    return id;
  };

  const failure = (answer) => {
    const error = new Error(answer.message);
    error.code = answer.code;
    if (answer.syscall !== undefined) error.syscall = answer.syscall;
    if (answer.hostname !== undefined) error.hostname = answer.hostname;
    return error;
  };

  // Called by the event loop: the operation `id` has ended.
  entries.complete = (id, form, answer) => {
    const settle = mapGet(waiting, id);
    if (settle === undefined) return;
    mapDelete(waiting, id);
    try {
      if (form === FAILED) settle(failure(answer));
      else if (form >= 2) settle(undefined, new Uint8Array(answer), form === LAST_BYTES);
      else settle(undefined, answer);
    } catch (error) {
      engine.uncaught(error);
    }
  };

  // The host counts bodies anew for each invocation of a reused instance. What is left of an earlier one must not be
  // taken for one of this: `base` goes with what the lambda sees, and a body of another invocation is 0, none.
  let base = 0;
  const ROUND = 4294967296;
  const ofHost = (body) => (body > base && body < base + ROUND ? body - base : 0);
  const requested = (settle) => (error, answer) => {
    if (answer !== undefined && answer.body !== 0) answer.body += base;
    settle(error, answer);
  };
  engine.forgetOperations = () => {
    base += ROUND;
  };

  engine.http = {
    __proto__: null,
    request: (head, body, settle) => start(REQUEST, head, body, base === 0 ? settle : requested(settle)),
    read: (body, atLeast, settle) =>
      start(READ, { __proto__: null, body: ofHost(body), atLeast }, undefined, settle),
    discard: (given) => {
      const body = ofHost(given);
      if (body === 0) return;
      start(DISCARD, { __proto__: null, body }, undefined, () => {});
    },
    cancel: (id) => {
      if (mapDelete(waiting, id)) natives.cancelOperation(id);
    },
  };
  engine.invoke = (call, settle) => start(INVOKE, call, undefined, settle);
  engine.secrets = {
    __proto__: null,
    read: (key, settle) => start(READ_SECRET, { __proto__: null, key }, undefined, settle),
    update: (key, value, settle) => start(UPDATE_SECRET, { __proto__: null, key, value }, undefined, settle),
  };
})
