// Why this file exists: test files of HTTP clients start servers, and nothing can connect to a lambda. This is what they get for
// `http`, `https`, `net` and `child_process` instead: everything is the platform's own, except that a server listens on a socket of the
// harness (relay.mjs), whose bytes come in here. Requests are read here; what answers them is Node's `ServerResponse`. The
// client under test is not touched: it sends its requests through the host as in any lambda, out and back in again.
const EventEmitter = require('events');
const { Duplex } = require('stream');
const http = require('node:http');
const https = require('node:https');

const servers = new Map();
const sockets = new Map();
const programs = new Map();
let named = 0;
let isAsking = false;
let commands = [];

const ask = (path, value) => fetch(`http://harness.invalid/${path}`, { method: 'POST', body: JSON.stringify(value) }).then((response) => response.json());

// In their order, and together when they come together.
function tell(command) {
  if (commands.push(command) === 1) {
    Promise.resolve().then(() => {
      const all = commands;
      commands = [];
      ask('tell', all);
    });
  }
}

// As long as anything is open, something may happen.
async function watch() {
  if (isAsking) return;
  isAsking = true;
  while (servers.size > 0 || sockets.size > 0 || programs.size > 0) {
    // An error that a test's server throws is one of the process, not of this loop.
    for (const event of await ask('next')) setImmediate(happens, event);
    await new Promise(setImmediate);
  }
  isAsking = false;
}

function happens({ what, server, socket, data, ...details }) {
  if (what === 'connection') {
    const opened = new Socket(socket, details);
    servers.get(server).connected(opened);
  } else if (what === 'listening') {
    servers.get(server).opened(details.address);
  } else if (what === 'refused') {
    const refused = servers.get(server);
    servers.delete(server);
    refused.emit('error', Object.assign(new Error(details.message), { code: details.code }));
  } else if (what === 'closed') {
    const closed = servers.get(server);
    servers.delete(server);
    closed.emit('close');
  } else if (what === 'gone') {
    const gone = sockets.get(socket);
    sockets.delete(socket);
    if (gone !== undefined) gone.destroy();
  } else if (what === 'ran') {
    const done = programs.get(details.program);
    programs.delete(details.program);
    done(details.error === undefined ? null : new Error(details.error), details.output, '');
  } else if (sockets.has(socket)) {
    sockets.get(socket).push(what === 'data' ? Buffer.from(data, 'base64') : null);
  }
}

class Socket extends Duplex {
  constructor(id, { remotePort, encrypted }) {
    super({ allowHalfOpen: true });
    Object.assign(this, { id, remotePort, encrypted, remoteAddress: '127.0.0.1' });
    sockets.set(id, this);
  }

  _read() {}

  _write(chunk, encoding, done) {
    tell({ what: 'write', socket: this.id, data: chunk.toString('base64') });
    done();
  }

  _final(done) {
    tell({ what: 'end', socket: this.id });
    done();
  }

  _destroy(error, done) {
    if (sockets.has(this.id)) tell({ what: 'destroy', socket: this.id });
    done(error);
    process.nextTick(() => this.emit('close', Boolean(error)));
  }

  destroySoon() {
    this.end();
    this.once('finish', () => this.destroy());
  }

  setTimeout() {
    return this;
  }
  setNoDelay() {
    return this;
  }
  setKeepAlive() {
    return this;
  }
}

class Server extends EventEmitter {
  constructor(options, listener) {
    super();
    this.id = ++named;
    this.listening = false;
    if (typeof options === 'function') [options, listener] = [undefined, options];
    this.options = options;
    if (listener !== undefined) this.on(this.listens, listener);
  }

  get listens() {
    return 'connection';
  }

  listen(port = 0, ...more) {
    const listener = more.pop();
    if (typeof listener === 'function') this.once('listening', listener);
    servers.set(this.id, this);
    tell({ what: 'listen', server: this.id, port, tls: this.tls });
    watch();
    return this;
  }

  opened(address) {
    this.listening = true;
    this.where = address;
    this.emit('listening');
  }

  connected(socket) {
    this.emit('connection', socket);
  }

  address() {
    return this.listening ? this.where : null;
  }

  close(listener) {
    if (listener !== undefined) this.once('close', this.listening ? listener : () => listener(new Error('Server is not running.')));
    if (!this.listening) process.nextTick(() => this.emit('close'));
    else tell({ what: 'close', server: this.id });
    this.listening = false;
    return this;
  }
}

class HttpServer extends Server {
  get listens() {
    return 'request';
  }

  connected(socket) {
    super.connected(socket);
    serve(this, socket);
  }

  setTimeout() {
    return this;
  }
}

class HttpsServer extends HttpServer {
  get tls() {
    const { key, cert, ca } = this.options;
    return { key: String(key), cert: String(cert), ca: ca && String(ca) };
  }
}

// Takes the next part of a body from its start: what it is, and what is left; undefined as long as not all of it is there.
function chunkOf(bytes) {
  const at = bytes.indexOf('\r\n');
  const size = at === -1 ? NaN : parseInt(bytes.latin1Slice(0, at), 16);
  const end = at + 2 + size + 2;
  return end <= bytes.length ? { part: bytes.slice(at + 2, end - 2), rest: bytes.slice(end), isLast: size === 0 } : undefined;
}

// One request after the other, as Node's own server reads them.
function serve(server, socket) {
  let bytes = Buffer.alloc(0);
  let request; // the one that is being read
  let left = 0; // of its body; unknown in chunks
  const open = new Set();
  const begin = (end) => {
    const [line, ...fields] = bytes.latin1Slice(0, end).split('\r\n');
    bytes = bytes.slice(end + 4);
    request = new http.IncomingMessage(socket);
    [request.method, request.url] = line.split(' ');
    Object.assign(request, { httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1 });
    const list = [];
    for (const field of fields) list.push(field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1).trim());
    request._addHeaderLines(list, list.length);
    left = request.headers['transfer-encoding'] === 'chunked' ? undefined : Number(request.headers['content-length'] || 0);
    const asked = request;
    const response = new http.ServerResponse(asked);
    response.shouldKeepAlive = asked.headers.connection !== 'close';
    open.add(asked);
    response.assignSocket(socket);
    response.on('finish', () => {
      open.delete(asked);
      response.detachSocket(socket);
      if (response._last) socket.destroySoon();
    });
    server.emit('request', asked, response);
  };
  const take = () => {
    if (left === undefined) return chunkOf(bytes);
    const part = bytes.slice(0, left);
    left -= part.length;
    return part.length > 0 || left === 0 ? { part, rest: bytes.slice(part.length), isLast: left === 0 } : undefined;
  };
  const proceed = () => {
    const end = request === undefined ? bytes.indexOf('\r\n\r\n') : -1;
    if (end !== -1) begin(end);
    const taken = request && take();
    if (taken === undefined) return;
    bytes = taken.rest;
    if (taken.part.length > 0) request.push(taken.part);
    if (taken.isLast) {
      request.complete = true;
      request.push(null);
      request = undefined;
    }
    proceed();
  };
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    proceed();
  });
  socket.on('end', () => socket.end());
  socket.on('close', () => {
    for (const aborted of open) {
      aborted.aborted = true;
      aborted.emit('aborted');
      aborted.emit('close');
    }
  });
}

const create = (Kind) => (options, listener) => new Kind(options, listener);
exports.http = { ...http, Server: HttpServer, createServer: create(HttpServer) };
exports.https = { ...https, Server: HttpsServer, createServer: create(HttpsServer) };
// Another file for `node` is another lambda.
exports.child_process = {
  exec(command, done) {
    const [, file] = /^node \/node\/(\S+)$/.exec(command);
    programs.set(++named, done);
    tell({ what: 'run', program: named, file });
    watch();
  },
};
exports.net = { Server, createServer: create(Server), isIP: require('node:net').isIP };
