// Why this file exists: test files of HTTP clients start servers, and nothing can connect to a lambda. This is what they get for
// `http`, `https` and `net` instead: everything is the platform's own, except that a server listens on a socket of the
// harness (relay.mjs), whose bytes come in here. Requests are read here; what answers them is Node's `ServerResponse`. The
// client under test is not touched: it sends its requests through the host as in any lambda, out and back in again.
const EventEmitter = require('events');
const { Duplex } = require('stream');
const http = require('node:http');
const https = require('node:https');

const servers = new Map();
const sockets = new Map();
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
  while (servers.size > 0 || sockets.size > 0) {
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

// One request after the other; the harness sends whole ones, with a length.
function serve(server, socket) {
  let bytes = Buffer.alloc(0);
  let request; // the one that is being read
  let left = 0;
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
    left = Number(request.headers['content-length'] || 0);
    const response = new http.ServerResponse(request);
    response.shouldKeepAlive = request.headers.connection !== 'close';
    open.add(request);
    response.assignSocket(socket);
    response.on('finish', () => {
      open.delete(request);
      response.detachSocket(socket);
      if (response._last) socket.destroySoon();
    });
    return response;
  };
  const proceed = () => {
    const end = request === undefined ? bytes.indexOf('\r\n\r\n') : -1;
    const response = end === -1 ? undefined : begin(end);
    if (request === undefined) return;
    const part = bytes.slice(0, left);
    bytes = bytes.slice(part.length);
    left -= part.length;
    if (part.length > 0) request.push(part);
    if (left === 0) {
      request.complete = true;
      request.push(null);
    }
    const finished = request;
    if (left === 0) request = undefined;
    if (response !== undefined) server.emit('request', finished, response);
    if (left === 0 && bytes.length > 0) proceed();
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
exports.net = { Server, createServer: create(Server), isIP: require('node:net').isIP };
