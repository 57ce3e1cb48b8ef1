// Where the standards moved on after Node 10: gopher in URLs, signs at the beginning of queries and fragments, UTF-16 in
// either order; and intervals that are stopped from inside.
const util = require('util');
const timers = require('timers');
const out = [];
const attempt = (f) => {
  try {
    return f();
  } catch (e) {
    return [e.name, e.code, e.message];
  }
};
const parts = (url) => ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'].map((part) => url[part]);
const INPUTS = ['gopher://example.net/1/x?q#f', 'GOPHER://u:p@example.net:70/', 'gopher:/example.net:80', 'gopher:example.net:21/a/../b', ' go\tpher://h\n:8080', 'gopher://', 'gopher:', '//other/p', 'p', '../p?q', '#f', 'http:p', 'http://gopher:70', 'x:gopher:y', 'gopher2:x', 'http://h/#a\0b', 'x:y#\0', 'http://h/?a#b#c'];
for (const base of [undefined, 'gopher://base.net:71/a/b', 'http://base.net/a/b', 'x:y']) {
  for (const input of INPUTS) out.push(attempt(() => parts(new URL(input, base))));
}
const SET = { protocol: ['http', 'https:', 'gopher', 'GOPHER:', 'x', 'ftp:'], port: ['', '70', '80', '21', '99', '443'], host: ['other', 'other:70', 'other:80', 'other:81'], hostname: ['other'], pathname: ['/x/../y', 'z'], search: ['', '?', '??a', 'a'], hash: ['', '#', '##a', 'a', '\0a#'], username: ['', 'u'], password: ['p'] };
for (const href of ['gopher://h/p?q#f', 'gopher://u:p@h:80/', 'gopher://h:21', 'http://h:70/p', 'https://h/', 'x://h:1/p', 'x:y', 'file:///a']) {
  for (const part in SET) {
    for (const value of SET[part]) {
      const url = new URL(href);
      url[part] = value;
      out.push([href, part, value, ...parts(url)]);
    }
  }
}

const { TextDecoder } = util;
const bytes = Buffer.from('feff0041d83dde0020ac', 'hex');
for (const label of ['utf-16be', 'UTF-16BE', 'utf-16le', 'utf-16', 'utf-8']) {
  for (const options of [{}, { ignoreBOM: true }, { fatal: true }]) {
    const decoder = new TextDecoder(label, options);
    const swapped = label.toLowerCase() === 'utf-16be' ? bytes : label === 'utf-8' ? Buffer.from('\ufeffA😀€') : Buffer.from(bytes).swap16();
    out.push(decoder.encoding, decoder.decode(swapped));
    let text = '';
    // Without the mark: in pieces, Node 10 takes that for a character.
    for (const byte of swapped.slice(label === 'utf-8' ? 3 : 2)) text += decoder.decode(Uint8Array.of(byte), { stream: true });
    out.push(text + decoder.decode(), [].concat(attempt(() => new TextDecoder(label, options).decode(Uint8Array.of(0xd8)).length)).slice(-2));
  }
}

out.push(util.inspect(new TextDecoder('utf-16be', { fatal: true })), [new util.TextEncoder()].map((encoder) => util.inspect(encoder)), util.inspect([new TextDecoder()], { depth: 0 }));
for (const self of [{}, 1, null, new util.TextEncoder()]) out.push(attempt(() => TextDecoder.prototype.decode.call(self)).slice(1), attempt(() => util.TextEncoder.prototype.encode.call(self === null ? {} : new TextDecoder())).slice(1));

for (const space of [' ', '\t', '\n', '\f', '\r', '\v', '\0', '\u00a0', '\u2028', '\ufeff']) {
  out.push([`${space}utf-8`, `UTF-16BE${space}${space}`, space].map((label) => [].concat(attempt(() => new TextDecoder(label).encoding)).slice(-2)));
}

const counts = [0, 0, 0, 0];
const stops = [(timer) => timers.unenroll(timer), (timer) => { timer._idleTimeout = -1; }, (timer) => { timer._onTimeout = null; }, (timer) => timer.close()];
stops.forEach((stop, at) => {
  const timer = setInterval(() => {
    counts[at]++;
    stop(timer);
  }, 1);
});
setTimeout(() => callback(null, [...out, counts]), 30);
