// Why this file exists: what Node's `http` takes for a socket. There are none here: a request that was written to it is
// handed to the host as a whole (js/operations.js), and the host's answer comes back through it. Everything between that
// and the lambda - requests, responses, agents, the order of their events - is Node's own library.
'use strict';
const { Duplex } = require('stream');
const { Buffer } = require('buffer');
const { validateTimerDuration } = require('internal/timers');
const message = require('internal/http_message');
const identity = require('internal/identity');
const exchange = require('internal/exchange');
const unavailable = require('internal/unavailable');
const { timers } = engine;

const NOTHING = Buffer.alloc(0);
const SYSTEM = /^E[A-Z]+$/;

// What Node 10 says about a failure besides its code.
const explained = (error, { host, port }) => {
  if (!SYSTEM.test(error.code) || error.syscall === undefined) return error;
  error.errno = error.code;
  if (error.syscall === 'getaddrinfo') {
    error.message = 'getaddrinfo ' + error.code + ' ' + host + ' ' + host + ':' + port;
    error.host = host;
    error.port = port;
  }
  const target = /^connect \w+ (.*):(\d+)$/.exec(error.message);
  if (target !== null) {
    error.address = target[1];
    error.port = +target[2];
  }
  return error;
};

class Connection extends Duplex {
  #options;
  #http; // the host, or what it has said already
  #written = [];
  #isDue = false; // a request is about to be handed over
  #call = 0; // the operation that is under way
  #body = 0; // what the host still has of the answer
  #timer;

  constructor(options, isSecure) {
    super({ allowHalfOpen: true, decodeStrings: false });
    this.#options = options;
    this.connecting = true;
    this.encrypted = isSecure;
    if (isSecure) {
      // The host accepts no others, unless the lambda does; it does not say then what it thinks of them.
      this.authorized = options.rejectUnauthorized !== false;
      this.authorizationError = this.authorized ? null : 'UNVERIFIED';
    }
    this._host = options.host;
    this._paused = false;
    this._handle = null;
    this.timeout = 0;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    this.arrivedHead = undefined;
    this.isComplete = false;
    if (options.timeout) this.setTimeout(options.timeout);
    const refused = options.socketPath ? unavailable('a socket of the system', 'there are no files') : undefined;
    if (refused !== undefined) process.nextTick(() => this.destroy(refused));
    // The host connects when it has the request; who waits for a connection has one.
    else timers.setImmediate(() => this.#connected());
  }

  #connected() {
    if (!this.connecting || this.destroyed) return;
    this.connecting = false;
    this.emit('lookup', null, undefined, undefined, this._host);
    this.emit('connect');
    this.emit('ready');
    if (this.encrypted) this.emit('secureConnect');
  }

  // Heads, which are Latin-1, stay the text they are: a stream counts characters of texts and bytes of all else.
  write(chunk, encoding, callback) {
    const isBody = typeof chunk === 'string' && encoding !== 'latin1';
    return super.write(isBody ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : undefined) : chunk, encoding, callback);
  }

  _write(chunk, encoding, callback) {
    if (this.connecting) {
      this.once('connect', () => this._write(chunk, encoding, callback));
      return;
    }
    this.#written.push(chunk);
    this.bytesWritten += chunk.length;
    this.#active();
    const request = this._httpMessage;
    if (!this.#isDue && request) {
      this.#isDue = true;
      // All of it may still come within this tick, or has been written already.
      const due = () => process.nextTick(() => this.#send(request));
      if (request.finished) due();
      else request.once('prefinish', due);
      // Nobody else will say so, and some wait for it.
      if (/^100-continue$/i.test(request.getHeader('expect'))) timers.setImmediate(() => this.#head(100, 'Continue', [], true));
    }
    callback();
  }

  #send(request) {
    this.#isDue = false;
    if (this.destroyed || this._httpMessage !== request) return;
    const written = this.#written;
    this.#written = [];
    try {
      const { head, body } = message.read(written, this.#options, this.encrypted);
      if (this.encrypted) head.identity = identity.of(this.#options);
      this.isComplete = false;
      this.#http = exchange.take();
      this.#start((settle) => this.#http.request(head, body, settle), (error, answer) => this.#answered(error, answer));
    } catch (error) {
      this.destroy(error);
    }
  }

  // While an operation is under way a time limit is worth waiting for.
  #start(start, settle) {
    this.#call = start((...outcome) => {
      this.#call = 0;
      this.#timer?.unref();
      this.#active();
      settle(...outcome);
    });
    this.#timer?.ref();
  }

  #answered(error, answer) {
    if (error !== undefined) {
      this.destroy(explained(error, this.#options));
      return;
    }
    this.#connected();
    const headers = [];
    let keepsAlive = true;
    for (const [name, value] of answer.headers) {
      headers.push(name, value);
      if (name === 'connection' && /close/i.test(value)) keepsAlive = false;
    }
    this.#body = answer.body;
    this.isComplete = answer.body === 0;
    this.#head(answer.status, answer.statusText, headers, keepsAlive);
    this.#pump();
  }

  #head(status, statusText, headers, keepsAlive) {
    if (this.destroyed || !this.parser) return;
    this.arrivedHead = { status, statusText, headers, keepsAlive };
    this.emit('data', NOTHING);
  }

  // Bytes stay with the host until somebody wants them.
  #pump() {
    if (this.#body === 0 || this.#call !== 0 || this._paused || this.destroyed) return;
    this.#start((settle) => this.#http.read(this.#body, 1, settle), (error, bytes, isLast) => this.#arrived(error, bytes, isLast));
  }

  #arrived(error, bytes, isLast) {
    if (error !== undefined) {
      this.#body = 0;
      // As when the other side closes: the response is aborted, which is no error of the request.
      this.destroy(error.code === 'ECONNRESET' ? undefined : error);
      return;
    }
    if (isLast) this.#body = 0;
    this.isComplete = isLast;
    this.bytesRead += bytes.length;
    this.emit('data', Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.#pump();
  }

  // Has an event loop's turn of its own in Node, which it needs for the same order of events.
  _final(callback) {
    callback();
  }

  _read() {}
  pause() {
    this._paused = true;
    return this;
  }
  resume() {
    this._paused = false;
    this.#pump();
    return this;
  }

  destroySoon() {
    if (this.writable) this.end();
    if (this._writableState.finished) this.destroy();
    else this.once('finish', this.destroy);
  }

  _destroy(error, callback) {
    this.connecting = this.readable = this.writable = false;
    this.#written = [];
    this.#timer?.close();
    const body = this.#body;
    this.#body = 0;
    if (this.#call !== 0) this.#http.cancel(this.#call);
    else if (body !== 0) this.#http.discard(body);
    this.#call = 0;
    callback(error);
  }

  setTimeout(msecs, callback) {
    this.timeout = msecs = validateTimerDuration(msecs);
    this.#timer?.close();
    this.#timer = undefined;
    if (msecs === 0) {
      if (callback) this.removeListener('timeout', callback);
      return this;
    }
    this.#timer = timers.setTimeout(() => this.emit('timeout'), msecs);
    if (this.#call === 0) this.#timer.unref();
    if (callback) this.once('timeout', callback);
    return this;
  }

  #active() {
    if (!this.destroyed) this.#timer?.refresh();
  }

  setNoDelay() {
    return this;
  }
  setKeepAlive() {
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
  address() {
    return {};
  }
  get remotePort() {
    return +this.#options.port;
  }
  get readyState() {
    return this.connecting ? 'opening' : this.readable ? 'open' : 'closed';
  }
  // Of TLS the host knows; a lambda does not.
  getPeerCertificate() {
    return {};
  }
  getSession() {
    return undefined;
  }
  isSessionReused() {
    return false;
  }
}

module.exports = Connection;
