const Url = require('url-parse');

const lambda = async () => {
  const url = new Url('https://user:pa%20ss@Sub.Example.com:8080/p/a/t/h/../x?query=string&a=b#hash', true);
  const changed = new Url('http://a.de/x').set('port', '81').set('query', { q: 'ü', n: 1 }).set('pathname', 'y z').set('hash', 'h');
  return [
    ['protocol', 'slashes', 'auth', 'username', 'host', 'port', 'hostname', 'pathname', 'hash', 'origin', 'href', 'query'].map((key) => url[key]), changed.toString(), new Url('../c?x', 'http://a.de/b/d').href, new Url('//h/p', { protocol: 'https:' }).href, Url.qs.parse('a=1&b=%20'), Url.extractProtocol('javascript:x'),
    new Url('http://a.de\\@evil.de/').hostname,
  ];
};
