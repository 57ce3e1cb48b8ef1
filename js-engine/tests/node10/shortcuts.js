// What node/lib/internal/shortcuts.js has shorter ways to: URLs on both sides of where they end, and `util._extend`.
const url = require('url');
const util = require('util');
const hosts = ['a', 'a.b', 'a-b.c-d.example', 'A.Example', '127.0.0.1', '256.1.1.1', '1.2.3', '01.2.3.4', '0x7f.1.2.3', 'localhost', 'a--b.c', 'xn--bcher-kva.example',
  'a_b.c', '-a.b', 'a-.b', 'a.b.', '.a', '[::1]', 'a.b5', 'a.5b', '', 'x'.repeat(63) + '.y', 'x'.repeat(64), 'ü.example', 'user:pass@a.b', 'a%20b', "a'b"];
const rests = ['', '/', '/path', '/a/b?c=d&e=f', '?q', '?', '/?', '/a?b?c', '/a#b', '#b', "/it's", '/a b', '/a;b', '/%41', '/a@b', '/a\\b', '/ü', '/{a}', '/a"b', '//x', '/a:b=c,d+e(f)*~!$&',
  '?a/b', '?a b', '/a\n', ' '];
const told = {};
for (const scheme of ['http', 'https', 'HTTP', 'ftp', 'unix', '']) {
  for (const host of hosts) {
    for (const port of ['', ':8080', ':', ':0080', ':123456']) {
      for (const rest of rests) {
        const text = (scheme && scheme + ':') + '//' + host + port + rest;
        let seen;
        try { seen = Object.values(url.parse(text)).join('|') + Object.keys(url.parse(text, text.length % 2 === 0, text.length % 3 === 0).query || {}); }
        catch (error) { seen = error.code || error.name; }
        const sum = scheme + host;
        let hash = told[sum] || 7;
        for (let at = 0; at < seen.length; at++) hash = (hash * 31 + seen.charCodeAt(at)) % 4294967296;
        told[sum] = hash;
      }
    }
  }
}
const again = url.parse('http://a.b:81/c?d');
again.parse('http://e.f');
const trapped = [];
const proxy = new Proxy({ a: 1, b: 2 }, {
  ownKeys: (target) => { trapped.push('keys'); return Reflect.ownKeys(target); },
  getOwnPropertyDescriptor: (target, key) => { trapped.push('own ' + key); return Reflect.getOwnPropertyDescriptor(target, key); },
  get: (target, key) => { trapped.push('get ' + String(key)); return target[key]; },
});
const outcome = (work) => { try { return work(); } catch (error) { return error.name + ': ' + error.code; } };
const target = {};
callback(null, [
  told, Object.entries(url.parse('http://a.b:81/c?d')), { ...again }, again.format(), url.parse('http://a.b/c').constructor === url.Url,
  [url.Url.prototype.parse.name, url.Url.prototype.parse.length, util._extend.length, util._extend.name],
  outcome(() => url.parse(1)), outcome(() => url.parse(undefined)), url.resolve('http://a.b/c/d', '../e'),
  Object.keys(util._extend({ z: 0 }, { a: 1, b: 2, [Symbol.iterator]: 3, 5: 4, 1: 5 })), util._extend(target, null) === target, util._extend(target, 'abc') === target,
  util._extend(target, function () {}) === target, Object.keys(util._extend(target, Object.create({ inherited: 1 }, { hidden: { value: 1 }, seen: { value: 2, enumerable: true } }))),
  util._extend({}, proxy), trapped, util._extend([], ['a', 'b']), outcome(() => util._extend(Object.freeze({}), { a: 1 })), outcome(() => util._extend({}, { get a() { throw new TypeError('no'); } })),
  outcome(() => util._extend(undefined, { a: 1 })), outcome(() => util._extend({ set a(value) { throw new RangeError(value); } }, { a: 1, b: 2 })),
]);
