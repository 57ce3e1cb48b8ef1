// The world outside of a lambda, for real: its requests are made over sockets, in the form in which the server makes them
// (host/src/egress/request.rs): field names in lower case, and the connection's own fields, the host and the length are not the lambda's to
// say; a body that it wrote in chunks leaves in chunks. Requests to `harness.invalid` are for the relay. The lambda is resumed when something has happened.
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Relay } from './relay.mjs';

const [REQUEST, READ] = [1, 2];
const [JSON_FORM, FAILED, BYTES, LAST_BYTES] = [0, 1, 2, 3];
const NO_TIMER = 0xffffffff;
const OURS = /^(connection|content-length|expect|host|http2-settings|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;
const WITH_LENGTH = /^(POST|PUT|PATCH)$/;

// A connection for each request: the servers of tests wait for the last one to close. They are asked as if it stayed open.
const once = (Agent) => Object.assign(new Agent({ keepAlive: true }), { keepSocketAlive: () => false });
const AGENTS = { 'http:': once(http.Agent), 'https:': once(https.Agent) };

export class World {
  #instance;
  #relay;
  #started = new Map(); // operation -> what ends it early
  #bodies = new Map();
  #lastBody = 0;
  #wake = () => {};

  constructor(instance, run) {
    this.#instance = instance;
    this.#relay = new Relay(run);
    instance.answer = () => undefined; // there is a world, but it takes its time
    Object.defineProperty(instance, 'clock', { get: () => performance.timeOrigin + performance.now() });
  }

  // One invocation, until nothing is left to do: its last status and answer. `until` is a time.
  async invoke(envelope, until) {
    const instance = this.#instance;
    for (let status = instance.start(envelope); ; status = instance.resume()) {
      if (status !== 'waiting') return { status, answer: instance.outbox.answer };
      if (Date.now() > until) return { status };
      const { wait } = instance.outbox;
      const woken = new Promise((wake) => (this.#wake = wake));
      this.#start();
      if (instance.ended.length > 0) continue;
      const given = new AbortController();
      const rest = Math.min(wait === NO_TIMER ? Infinity : wait / 1000, Math.max(0, until - Date.now()) + 1);
      await Promise.race([woken, sleep(Math.ceil(rest), undefined, given).catch(() => {})]);
      given.abort();
    }
  }

  stop() {
    for (const stop of this.#started.values()) stop();
    this.#started.clear();
    this.#relay.stop();
  }

  #start() {
    for (const id of this.#instance.cancelled.splice(0)) this.#started.get(id)?.();
    for (const [id, { kind, head, bytes }] of this.#instance.operations) {
      if (this.#started.has(id)) continue;
      this.#started.set(id, () => {});
      if (kind === READ) this.#read(id, head);
      else if (kind !== REQUEST) this.#discard(id, head);
      else if (new URL(head.url).hostname === 'harness.invalid') this.#ask(id, head, bytes);
      else this.#request(id, head, bytes);
    }
  }

  #end(id, form, bytes) {
    this.#started.delete(id);
    if (!this.#instance.operations.delete(id)) return;
    this.#instance.ended.push({ id, form, bytes });
    this.#wake();
  }

  #tell(id, form, value) {
    this.#end(id, form, Buffer.from(JSON.stringify(value)));
  }

  #answer(id, head, { status, statusText, httpVersion, headers }, body) {
    this.#tell(id, JSON_FORM, { status, statusText, httpVersion, headers, url: head.url, redirected: false, body });
  }

  #ask(id, head, bytes) {
    const { pathname } = new URL(head.url);
    this.#relay.ask(pathname, bytes.length > 0 && JSON.parse(Buffer.from(bytes)), (value) => {
      const body = ++this.#lastBody;
      this.#bodies.set(body, { parts: [Buffer.from(JSON.stringify(value))], isOver: true });
      this.#answer(id, head, { status: 200, statusText: 'OK', httpVersion: '1.1', headers: [] }, body);
    });
  }

  #request(id, head, bytes) {
    const { method, identity: { key, cert, ca, allowSelfSigned } = {} } = head;
    const headers = {};
    let isChunked = false;
    for (const [name, value] of head.headers) {
      const field = name.toLowerCase();
      if (field === 'transfer-encoding') isChunked = bytes.length > 0 && /^chunked$/i.test(value);
      if (!OURS.test(field)) headers[field] = headers[field] === undefined ? value : [headers[field], value].flat();
    }
    if (isChunked) headers['transfer-encoding'] = 'chunked';
    else if (bytes.length > 0 || WITH_LENGTH.test(method)) headers['content-length'] = bytes.length;
    const url = new URL(head.url);
    const { request } = url.protocol === 'https:' ? https : http;
    const trust = { key, cert, ca, rejectUnauthorized: !allowSelfSigned, ciphers: 'DEFAULT@SECLEVEL=0' };
    const sent = request(url, { method, headers, agent: AGENTS[url.protocol], ...trust });
    sent.removeHeader('connection');
    this.#started.set(id, () => sent.destroy());
    let isAnswered = false;
    sent.on('error', ({ code, message, syscall, hostname }) => {
      if (!isAnswered) this.#tell(id, FAILED, { code, message, syscall, hostname });
    });
    sent.on('response', (response) => {
      isAnswered = true;
      const { statusCode: status, statusMessage: statusText, httpVersion, rawHeaders } = response;
      const fields = [];
      for (let at = 0; at < rawHeaders.length; at += 2) fields.push([rawHeaders[at].toLowerCase(), rawHeaders[at + 1]]);
      const hasBody = method !== 'HEAD' && status !== 204 && status !== 304 && response.headers['content-length'] !== '0';
      if (hasBody) this.#receive(++this.#lastBody, response, sent);
      else response.resume();
      this.#answer(id, head, { status, statusText, httpVersion, headers: fields }, hasBody ? this.#lastBody : 0);
    });
    sent.end(bytes);
  }

  #receive(id, response, sent) {
    const body = { parts: [], isOver: false, reader: undefined, stop: () => sent.destroy() };
    this.#bodies.set(id, body);
    response.on('data', (part) => {
      body.parts.push(part);
      this.#serve(body);
    });
    response.on('end', () => {
      body.isOver = true;
      this.#serve(body);
    });
    response.on('error', ({ code, message }) => {
      body.error = { code, message };
      this.#serve(body);
    });
  }

  #read(id, { body: name, atLeast }) {
    const body = this.#bodies.get(name);
    body.reader = { id, atLeast };
    this.#started.set(id, () => body.stop?.());
    this.#serve(body);
  }

  // Parts as they came, as many as are wanted at least.
  #serve(body) {
    if (body.reader === undefined) return;
    const { id, atLeast } = body.reader;
    let count = 0;
    let size = 0;
    while (count < body.parts.length && size < atLeast) size += body.parts[count++].length;
    if (size < atLeast && !body.isOver && body.error === undefined) return;
    body.reader = undefined;
    if (size < atLeast && body.error !== undefined) {
      this.#tell(id, FAILED, body.error);
      return;
    }
    const bytes = Buffer.concat(body.parts.splice(0, count));
    this.#end(id, body.isOver && body.parts.length === 0 ? LAST_BYTES : BYTES, bytes);
  }

  #discard(id, { body }) {
    this.#bodies.get(body)?.stop?.();
    this.#tell(id, JSON_FORM, null);
  }
}
