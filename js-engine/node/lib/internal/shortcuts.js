// Why this file exists: shorter ways to what Node's library does character by character or name by name, for what a
// request needs. They give what Node's own functions give, which are asked wherever that is not plain to see. Runs once,
// when the base image is made.
'use strict';
const url = require('url');
const util = require('util');
const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer');
const { node } = engine;

util._extend = node.extend;

// Node counts the bytes of a text before it writes them, which means writing them twice here. A text has at least as
// many bytes as UTF-16 units, so of a long one it is known without counting that it gets memory of its own.
const { from: fromAny } = Buffer;
Buffer.from = function from(value, encodingOrOffset, length) {
  const isLong = typeof value === 'string' && value.length >= Buffer.poolSize >>> 1;
  return isLong && (encodingOrOffset === undefined || encodingOrOffset === 'utf8')
    ? new FastBuffer(node.encode(value, 'utf8'))
    : fromAny(value, encodingOrOffset, length);
};

// A URL in which nothing has to be escaped, lower-cased, decoded or judged: names whose last label begins with a letter
// and has no two hyphens in a row (IDNA's do), and IPv4's usual form.
const LABEL = '[a-z0-9]+(?:-[a-z0-9]+)*';
const BYTE = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const HOST = '((?:' + LABEL + '\\.)*[a-z][a-z0-9]*(?:-[a-z0-9]+)*|(?:' + BYTE + '\\.){3}' + BYTE + ')';
const REST = '[A-Za-z0-9_\\-.~!$&()*+,=:%/]*';
const PLAIN = new RegExp('^(https?:)//' + HOST + '(?::([0-9]{1,5}))?(/' + REST + ')?(\\?' + REST + ')?$');
const LONGEST_HOST = 63;
const { parse } = url.Url.prototype;
const exec = RegExp.prototype.exec;

// Its parts: protocol, host name, port, path, query; or null.
exports.plain = (text) => {
  if (typeof text !== 'string') return null;
  const parts = Reflect.apply(exec, PLAIN, [text]);
  return parts === null || parts[2].length > LONGEST_HOST ? null : parts;
};

url.Url.prototype.parse = function (text, parseQueryString, slashesDenoteHost) {
  // One that is parsed into for the first time.
  const parts = !parseQueryString && this.href === null ? exports.plain(text) : null;
  if (parts === null) {
    return Reflect.apply(parse, this, [text, parseQueryString, slashesDenoteHost]);
  }
  const port = parts[3];
  const pathname = parts[4] === undefined ? '/' : parts[4];
  const search = parts[5];
  this.protocol = parts[1];
  this.slashes = true;
  if (port !== undefined) this.port = port;
  this.hostname = parts[2];
  this.host = port === undefined ? parts[2] : parts[2] + ':' + port;
  this.pathname = pathname;
  this.path = pathname;
  if (search !== undefined) {
    this.search = search;
    this.query = search.slice(1);
    this.path = pathname + search;
  }
  this.href = parts[1] + '//' + this.host + this.path;
  return this;
};
Object.defineProperty(url.Url.prototype.parse, 'name', { value: 'parse', configurable: true });
