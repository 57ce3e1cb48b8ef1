// Why this file exists: most of what request-promise does for `await rp({ uri, json: true })` is to build a request, a
// connection, a response and their listeners, which nobody looks at: three million instructions. So a request of the
// usual kind begins empty. Its promise is there, and it is sent at the same turns of the event loop with the same head; what
// else it has comes to be when it is first touched, at any time: then the packages and Node's `http` do all they would
// have done by then, with what the host has said by then (internal/exchange.js). Answers that are not of the usual
// kind - errors, redirects, anything but 2xx - are touched here, so the packages judge them.
//
// What can be told from outside until the first touch: `Object.getPrototypeOf` gives an object of its own, an
// enumeration of its own properties finds none, and the agent has no connection that belongs to it.
'use strict';
const http = require('http');
const https = require('https');
const url = require('url');
const EventEmitter = require('events');
const { Buffer } = require('buffer');
const { Duplex } = require('stream');
const { OutgoingMessage } = require('_http_outgoing');
const { IncomingMessage } = require('_http_incoming');
const { Exchange, prepare } = require('internal/exchange');
const plainRequest = require('internal/plain_request');
const { setImmediate, setTimeout } = engine.timers;

// How far it has got.
const [NEW, DEFERRED, CONNECTED, SENT] = [0, 1, 2, 3];
// Turns of the event loop that what is over may still want.
const TURNS = 8;

class State {
  phase = NEW;
  isReal = false;
  isOver = false;
  promise;
  resolve;
  reject;
  timer;
  body;
  constructor(own, options, plain) {
    this.own = own;
    this.options = options;
    this.plain = plain;
    this.exchange = new Exchange(() => this.wentOn());
  }
  rest() {}

  // A time limit is one between two signs of life.
  wentOn() {
    if (this.timer === undefined) return;
    if (this.isReal) this.timer.close();
    else this.timer.refresh();
  }
}

// Whether a lambda has changed anything of Node's library that a request goes through, to see it or to do something else.
// Written out, because it is asked for every request.
const isNodeUntouched = (() => {
  const { request, globalAgent, Agent, ClientRequest } = http;
  const secure = { request: https.request, globalAgent: https.globalAgent, Agent: https.Agent };
  const { addRequest, createSocket, createConnection } = Agent.prototype;
  const { createConnection: createSecure } = secure.Agent.prototype;
  const { emit, on, once } = EventEmitter.prototype;
  const { write } = Duplex.prototype;
  const { setHeader, end, _storeHeader: store } = OutgoingMessage.prototype;
  const { onSocket } = ClientRequest.prototype;
  const { push } = IncomingMessage.prototype;
  const { parse } = url;
  const { from, concat } = Buffer;
  const { toString } = Buffer.prototype;
  const isUsual = (agent, connect) =>
    agent.maxSockets === Infinity && !agent.keepAlive && agent.addRequest === addRequest && agent.emit === emit &&
    agent.createSocket === createSocket && agent.createConnection === connect;
  return () =>
    http.request === request && http.globalAgent === globalAgent && http.Agent === Agent && isUsual(globalAgent, createConnection) &&
    https.request === secure.request && https.globalAgent === secure.globalAgent && https.Agent === secure.Agent &&
    isUsual(secure.globalAgent, createSecure) && http.ClientRequest === ClientRequest && ClientRequest.prototype.onSocket === onSocket &&
    ClientRequest.prototype.emit === emit && ClientRequest.prototype.on === on && ClientRequest.prototype.end === end &&
    ClientRequest.prototype.setHeader === setHeader && OutgoingMessage.prototype._storeHeader === store &&
    EventEmitter.prototype.once === once && IncomingMessage.prototype.emit === emit && IncomingMessage.prototype.push === push &&
    Duplex.prototype.write === write && Duplex.prototype.emit === emit && url.parse === parse && Buffer.from === from &&
    Buffer.concat === concat && Buffer.prototype.toString === toString;
})();

module.exports = (request) => {
  const { Request: Original } = request;
  const { prototype } = Original;
  const { init, start, end, json, jar, emit, on, getNewAgent, onRequestResponse, onRequestError, readResponseBody } = prototype;
  const isUntouched = () => {
    const { env } = globalThis.process;
    return (
      isNodeUntouched() && prototype.init === init && prototype.start === start && prototype.end === end && prototype.json === json &&
      prototype.jar === jar && prototype.emit === emit && prototype.on === on && prototype.getNewAgent === getNewAgent &&
      prototype.onRequestResponse === onRequestResponse && prototype.onRequestError === onRequestError &&
      prototype.readResponseBody === readResponseBody && !Original.debug && !env.HTTP_PROXY && !env.http_proxy && !env.HTTPS_PROXY &&
      !env.https_proxy
    );
  };

  // The first touch.
  const realize = (state) => {
    if (state.isReal) return;
    state.isReal = true;
    const { own, options, phase, exchange } = state;
    Object.setPrototypeOf(own, prototype);
    state.rest = engine.rehearse((turn) => {
      // As they were when the request was made; who asks for the options is told the lambda's own.
      Reflect.apply(Original, own, [{ ...options, ...state.plain.copies }]);
      for (const name of Object.keys(state.plain.copies)) own._rp_options[name] = options[name];
      own._rp_promise = state.promise;
      own._rp_resolve = state.resolve;
      own._rp_reject = state.reject;
      if (phase >= DEFERRED) turn();
      if (phase < CONNECTED) return;
      prepare(phase === SENT ? exchange.handOver() : undefined);
      turn();
      prepare(undefined);
      for (let i = 0; state.isOver && i < TURNS; i++) turn();
      // Who waited for it has this very object.
      if (state.isOver && own.response !== undefined) own.response.body = state.body;
    });
    // What is under way has its time limit; the next is the connection's.
    if (exchange.isUnderWay) state.timer?.unref();
    else state.timer?.close();
    // Both turns are over; what wants another is new, such as a redirect.
    if (phase >= CONNECTED) state.rest(false);
  };

  class Watcher {
    #state;
    constructor(state) {
      this.#state = state;
    }
    get(target, name, receiver) {
      const state = this.#state;
      if (receiver === state.own && !state.isReal) {
        if (name === 'then' || name === 'catch' || name === 'promise') return prototype[name];
        if (name === '_rp_promise') return state.promise;
      }
      realize(state);
      return Reflect.get(state.own, name, receiver);
    }
    set(target, name, value, receiver) {
      realize(this.#state);
      return Reflect.set(this.#state.own, name, value, receiver);
    }
    has(target, name) {
      realize(this.#state);
      return name in this.#state.own;
    }
    getPrototypeOf() {
      realize(this.#state);
      return prototype;
    }
    ownKeys() {
      realize(this.#state);
      return [];
    }
  }

  // The steps of one that nobody touches, at the turns of the event loop at which the packages and Node's `http` take them.
  const deferred = (state) => {
    if (state.isReal) return state.rest(true);
    state.phase = DEFERRED;
    setImmediate(connected, state);
  };
  const connected = (state) => {
    if (state.isReal) return state.rest(true);
    state.phase = CONNECTED;
    const { timeout } = state.plain;
    if (timeout !== undefined) state.timer = setTimeout(expired, timeout, state);
    process.nextTick(send, state);
  };
  const expired = (state) => {
    realize(state);
    const { connection } = state.own.req;
    if (!connection.destroyed) connection.emit('timeout');
  };
  const send = (state) => {
    if (state.isReal) return;
    try {
      state.exchange.request(state.plain.head, state.plain.body, (error, answer) => answered(state, error, answer));
      state.phase = SENT;
    } catch {
      // The host will not: the same happens to the packages.
      realize(state);
    }
  };
  const answered = (state, error, answer) => {
    if (error !== undefined || answer.status < 200 || answer.status > 299) realize(state);
    else if (answer.body === 0) process.nextTick(() => process.nextTick(finish, state));
    else read(state, answer.body);
  };
  const read = (state, body) => {
    state.exchange.read(body, (error, bytes, isLast) => {
      if (error !== undefined) realize(state);
      else if (isLast) process.nextTick(finish, state);
      else read(state, body);
    });
  };
  const finish = (state) => {
    if (state.isReal) return;
    state.isOver = true;
    state.timer?.close();
    const bytes = state.exchange.bytes;
    let body = bytes.length === 0 ? undefined : bytes.toString();
    if (state.plain.isJson) {
      try {
        body = JSON.parse(body);
      } catch {
        // What is no JSON stays text.
      }
    } else if (body === undefined) body = '';
    state.body = body;
    state.resolve(body);
  };

  function Request(options) {
    const plain = new.target === Request && isUntouched() ? plainRequest(options) : undefined;
    if (plain === undefined) return Reflect.apply(Original, this, [options]);
    const state = new State(this, options, plain);
    state.promise = new Promise((resolve, reject) => {
      state.resolve = resolve;
      state.reject = reject;
    });
    Object.setPrototypeOf(this, new Proxy({}, new Watcher(state)));
    setImmediate(deferred, state);
  }
  Request.prototype = prototype;
  for (const name of Object.keys(Original)) {
    Object.defineProperty(Request, name, {
      get: () => Original[name],
      set: (value) => (Original[name] = value),
      enumerable: true,
      configurable: true,
    });
  }
  Object.defineProperty(prototype, 'constructor', { value: Request, writable: true, enumerable: false, configurable: true });
  request.Request = Request;
};
