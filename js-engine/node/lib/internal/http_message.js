// Why this file exists: what Node's `http` writes to a socket is text; the host wants a method, a URL, header fields and
// a body (js/operations.js). This reads the one back into the other.
'use strict';
const { Buffer } = require('buffer');
const unavailable = require('internal/unavailable');

const CHUNKED = /(?:^|\W)chunked(?:$|\W)/i;

// Undoes the chunks that Node's `http` made.
const unchunked = (bytes) => {
  const parts = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at, 'latin1');
    const size = end === -1 ? 0 : parseInt(bytes.latin1Slice(at, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.slice(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
};

const urlOf = (path, { host, port }, scheme) => {
  if (path[0] !== '/' && path[0] !== '?') {
    throw unavailable('the request target `' + path + '`', 'it has to be a path; there are no proxies to write whole URLs to');
  }
  const name = host.includes(':') && host[0] !== '[' ? '[' + host + ']' : host;
  // A fragment is for browsers: Node sends what looks like one.
  return scheme + '://' + name + ':' + port + (path[0] === '?' ? '/' : '') + path.replace(/#/g, '%23');
};

const bytesOf = (piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);

// The head as text, and the bytes behind it; `written` are texts in Latin-1 and bytes. A request without a body is one text.
const split = (written) => {
  const [first] = written;
  if (written.length === 1 && typeof first === 'string' && first.indexOf('\r\n\r\n') === first.length - 4) return [first.slice(0, -4)];
  const bytes = Buffer.concat(written.map(bytesOf));
  const end = bytes.indexOf('\r\n\r\n', 0, 'latin1');
  return [bytes.latin1Slice(0, end), bytes.slice(end + 4)];
};

// `written`: a whole request as it was written; `options`: those of its connection.
exports.read = (written, options, isSecure) => {
  const [text, rest] = split(written);
  const lines = text.split('\r\n');
  const [, method, path] = /^(\S+) (.*) HTTP\/1\.1$/.exec(lines[0]);
  if (method === 'CONNECT') {
    throw unavailable('a tunnel through a proxy', 'requests leave through the proxy of the platform');
  }
  const headers = [];
  let isChunked = false;
  for (let i = 1; i < lines.length; i++) {
    const colon = lines[i].indexOf(':');
    const name = lines[i].slice(0, colon);
    const value = lines[i].slice(colon + 1).trim();
    headers.push([name, value]);
    if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') isChunked = CHUNKED.test(value);
  }
  const body = isChunked && rest !== undefined ? unchunked(rest) : rest;
  const url = urlOf(path, options, isSecure ? 'https' : 'http');
  const head = { __proto__: null, method, url, headers, redirect: 'manual', maxRedirects: 0, decode: false, timeout: 0 };
  return { head, body: body === undefined || body.length === 0 ? undefined : body };
};
