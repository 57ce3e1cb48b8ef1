// path, querystring, punycode, os, constants: functions from text to text.
const path = require('path');
const querystring = require('querystring');
const punycode = require('punycode');
const os = require('os');
const constants = require('constants');
function lambda(input, callback) {
  const result = {};
  const paths = ['', '.', '..', '/', '/a/b/../c.txt', 'a//b/./c', '../x', '/a/b/', 'C:\\x\\y.z', 'file', '.hidden', 'a.b.c', 'a/b.', '///', 'ü/é.js'];
  for (const which of ['posix', 'win32']) {
    const p = path[which];
    result[which] = paths.map((one) => [p.normalize(one), p.basename(one), p.basename(one, '.txt'), p.dirname(one), p.extname(one), p.isAbsolute(one), p.parse(one), p.format(p.parse(one)), p.toNamespacedPath(one), paths.map((two) => [p.join(one, two), p.relative('/' + one, '/' + two), p.resolve('/base', one, two)])]);
  }
  result.path = [path.sep, path.delimiter, path === path.posix, attempt(() => path.join(5)), attempt(() => path.basename('a', 5)), path.resolve('x') === process.cwd().replace(/\/$/, '') + '/x'];
  const queries = ['', 'a=1&b=2', 'a=1&a=2', 'a', '=b', 'a=b=c', 'a=%20+x', '%zz=1', 'ü=é', 'a;b', '&&a=1&', 'a%5B%5D=1', '__proto__=1', 'hasOwnProperty=x'];
  result.parse = queries.map((query) => [querystring.parse(query), querystring.parse(query, ';', ':'), querystring.parse(query, null, null, { maxKeys: 1 })].map((parsed) => Object.entries(parsed)));
  result.stringify = [{ a: 1, b: [1, 'x y'], c: true, d: null, e: undefined, f: NaN }, {}, 5, { 'ü': '😀', 'a&b': 'c=d' }, { a: { b: 1 } }].map((value) => [querystring.stringify(value), querystring.stringify(value, ';', ':')]);
  result.escape = ['a b', '😀', "!'()*", '\ud800'].map((text) => attempt(() => [querystring.escape(text), querystring.unescape(text), querystring.unescape('%' + text)]));
  const hosts = ['mañana.com', 'bücher.example', '日本語。jp', 'plain.com', 'user@bücher', 'xn--bcher-kva', '☃-⌘.com'];
  result.punycode = hosts.map((host) => [punycode.toASCII(host), attempt(() => punycode.toUnicode(host)), attempt(() => punycode.encode(host)), attempt(() => punycode.decode(host)), punycode.ucs2.decode(host)]);
  result.os = [os.EOL, os.endianness(), os.type(), os.platform(), os.constants, Object.keys(os).sort(), typeof os.totalmem(), attempt(() => os.getPriority('x')), os.tmpdir()];
  result.constants = Object.assign({}, constants);
  callback(null, result);
}
