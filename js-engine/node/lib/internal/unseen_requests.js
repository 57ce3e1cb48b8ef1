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
const { plain: plainUrl } = require('internal/shortcuts');
const { setImmediate } = engine.timers;

// How far it has got.
const [NEW, DEFERRED, CONNECTED, SENT] = [0, 1, 2, 3];
// Turns of the event loop that what is over may still want.
const TURNS = 8;

class State {
  phase = NEW;
  isReal = false;
  isOver = false;
  exchange = new Exchange();
  promise;
  resolve;
  reject;
  body;
  constructor(own, options, head) {
    const { headers } = options;
    this.own = own;
    this.options = options;
    this.head = head;
    // The caller may change it.
    this.headers = headers === undefined ? undefined : { ...headers };
  }
  rest() {}
}

// Options that make no difference to what is sent, nor to how an answer with 2xx is read.
const WITHOUT_EFFECT = new Set(['followAllRedirects', 'followRedirect', 'maxRedirects', 'simple']);
const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
// Those that Node's `http` or the connection have an opinion about.
const JUDGED = new Set([
  'connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade',
]);

// The fields of `headers` as the packages send them, or undefined.
const fieldsOf = (headers, host, isJson) => {
  const fields = [];
  let accepts = !isJson;
  if (headers !== undefined) {
    const seen = new Set();
    for (const name of Object.keys(headers)) {
      const value = headers[name];
      const lower = name.toLowerCase();
      if (typeof value !== 'string' || !NAME.test(name) || !VALUE.test(value) || JUDGED.has(lower) || seen.has(lower)) return undefined;
      seen.add(lower);
      if (lower === 'accept') accepts = true;
      fields.push([name, value]);
    }
  }
  fields.push(['host', host]);
  if (!accepts) fields.push(['accept', 'application/json']);
  fields.push(['Connection', 'close']);
  return fields;
};

// The head that the packages and Node's `http` make of the options of a request, or undefined: it is not of the usual kind.
const headOf = (options) => {
  let address;
  const { headers, json } = options;
  for (const name in options) {
    const value = options[name];
    if (name === 'uri' || name === 'url') {
      if (address !== undefined) return undefined;
      address = value;
    } else if (name === 'method') {
      if (value !== undefined && value !== 'GET') return undefined;
    } else if (name === 'json') {
      if (typeof value !== 'boolean' && value !== undefined) return undefined;
    } else if (name === 'headers') {
      if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) return undefined;
    } else if (name === 'resolveWithFullResponse') {
      if (value === true) return undefined;
    } else if (WITHOUT_EFFECT.has(name)) {
      if (typeof value === 'function') return undefined;
    } else if (value !== undefined || (name !== 'callback' && name !== 'pool')) return undefined;
  }
  const parts = plainUrl(address);
  if (parts === null || parts[2] === 'unix') return undefined;
  const host = parts[2];
  const port = parts[3];
  const fields = fieldsOf(headers, port === undefined ? host : host + ':' + port, json);
  if (fields === undefined) return undefined;
  const known = port ?? (parts[1] === 'http:' ? '80' : '443');
  const target = parts[1] + '//' + host + ':' + known + (parts[4] ?? '/') + (parts[5] ?? '');
  return {
    __proto__: null, method: 'GET', url: target, headers: fields, redirect: 'manual', maxRedirects: 0, decode: false, timeout: 0,
  };
};

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
      const { headers } = options;
      Reflect.apply(Original, own, [headers === undefined ? options : { ...options, headers: state.headers }]);
      if (headers !== undefined) own._rp_options.headers = headers;
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
    process.nextTick(send, state);
  };
  const send = (state) => {
    if (state.isReal) return;
    try {
      state.exchange.request(state.head, (error, answer) => answered(state, error, answer));
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
    const bytes = state.exchange.bytes;
    let body = bytes.length === 0 ? undefined : bytes.toString();
    if (state.options.json === true) {
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
    const head = new.target === Request && isUntouched() ? headOf(options) : undefined;
    if (head === undefined) return Reflect.apply(Original, this, [options]);
    const state = new State(this, options, head);
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
