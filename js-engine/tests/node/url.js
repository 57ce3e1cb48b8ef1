const url = require('url');
function lambda(input, callback) {
  const texts = ['http://user:pass@host.com:8080/p/a/t/h?query=string#hash', 'HTTP://EXAMPLE.com/a/../b/./c', 'https://ex.com:443', 'http://ex.com:80/', '//host/path', '/a?b#c', '?x=1', '#h', 'mailto:a@b.c', 'javascript:alert(1)', 'file:///etc/passwd', 'file://host/x', 'ftp://h/x;type=a', 'http://[::1]:3000/x', 'http://1.2.3.4', 'http://0x7f.1/', 'http://bücher.example/ü?ü#ü', 'http://a b/', 'http://', 'nonsense', '', 'http://ex.com/%zz?a b', 'data:text/plain,hi there', 'custom://h:1/p?q', 'custom:opaque', 'http://ex.com/a\\b', 'http://a@b@c/', 'http://ex.com:99999/', 'http://ex.com:/x', 'blob:https://a.com/uuid', '  http://trim.me/  ', 'http://ex.com/\t\nx', "http://x.com/'quote\"", 'wss://w.s/a?b', 'http://user@h', 'http://:p@h', 'http://h?', 'http://h#', 'http://xn--bcher-kva.example/'];
  const result = {};
  for (const text of texts) {
    result['legacy ' + text] = attempt(() => [url.parse(text), url.parse(text, true, true), url.format(url.parse(text))].map((value) => (typeof value === 'string' ? value : Object.entries(value))));
    result['whatwg ' + text] = attempt(() => {
      const parsed = new url.URL(text);
      return [parsed.href, parsed.origin, parsed.protocol, parsed.username, parsed.password, parsed.host, parsed.hostname, parsed.port, parsed.pathname, parsed.search, parsed.hash, [...parsed.searchParams], JSON.stringify(parsed), url.format(parsed, { auth: false, fragment: false, search: false, unicode: true })];
    });
    result['relative ' + text] = attempt(() => [new URL(text, 'http://u:p@base.com:81/dir/file?q#h').href, new URL(text, 'file:///a/b').href]);
    result['resolve ' + text] = attempt(() => [url.resolve('http://base.com/dir/file?q', text), url.resolve('/one/two', text)]);
  }
  const values = { protocol: ['https', 'ftp:', 'custom', '', '1x'], username: ['me', 'a b:c@', ''], password: ['s:e/c', ''], host: ['other.org', 'o.org:99', 'o.org:80', '', 'bad host', '[::2]:5'], hostname: ['h.org', 'h.org:5', 'ü.org', ''], port: ['1', '80', '', 'x', '70000', '12x'], pathname: ['/a/../b', 'c d', '', '?x'], search: ['?a=1', 'b c=ü', '', '?'], hash: ['#x', 'y z', ''], href: ['http://new.org/', 'bad'] };
  for (const start of ['http://user:pw@ex.com:8080/p?q#h', 'custom://h/p', 'mailto:x@y', 'file:///x/y', 'https://ex.com/']) {
    for (const name of Object.keys(values)) {
      for (const value of values[name]) {
        result[[start, name, value].join(' ')] = attempt(() => {
          const parsed = new URL(start);
          parsed[name] = value;
          return [parsed.href, parsed.host, parsed.port, parsed.searchParams.toString()];
        });
      }
    }
  }
  const params = new URLSearchParams('a=1&b=2&a=3&c=%20x+y');
  params.append('d', 'é&');
  params.delete('b');
  params.set('a', 'only');
  params.sort();
  result.params = [params.toString(), params.get('d'), params.getAll('a'), params.has('b'), [...params.keys()], [...params.values()], [...params]];
  result.made = [new URLSearchParams({ a: 1, b: 'x y' }).toString(), new URLSearchParams([['a', 'b'], ['c', 'd']]).toString(), new URLSearchParams('?q=1').toString(), attempt(() => new URLSearchParams([['a']])), attempt(() => new URLSearchParams(5).toString()), attempt(() => params.get())];
  const linked = new URL('http://x.y/?a=1');
  linked.searchParams.append('b', '2 3');
  result.linked = [linked.href, linked.search];
  result.files = [attempt(() => url.fileURLToPath('file:///a%20b')), attempt(() => url.fileURLToPath('http://x')), url.pathToFileURL('/a b#c?d').href, url.domainToASCII('español.com'), url.domainToUnicode('xn--espaol-zwa.com'), url.domainToASCII('xn--iñvalid.com')];
  result.inspect = require('util').inspect(new URL('http://u:p@h.com/x?y=1#z'));
  result.inspectParams = require('util').inspect(params);
  result.format = [url.format({ protocol: 'http', host: 'h.com', pathname: 'p', query: { a: [1, 2], b: 'x' } }), attempt(() => url.format(5)), attempt(() => url.parse(5))];
  callback(null, result);
}
