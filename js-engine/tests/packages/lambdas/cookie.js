const cookie = require('cookie');

const lambda = async () => [
  cookie.parse('foo=bar; equation=E%3Dmc%5E2; q="a b"; bad=%E0; foo=2; =x; empty='), cookie.serialize('a', 'ü b', { httpOnly: true, secure: true, maxAge: 60.5, domain: 'x.de', path: '/', sameSite: 'lax', expires: new Date(0), priority: 'high' }), cookie.parse('a=1', { decode: (value) => value + '!' }),
  (() => { try { return cookie.serialize('a b', 'x'); } catch (error) { return [error.name, error.message]; } })(), cookie.serialize('n', 'v', { encode: (value) => value.toUpperCase(), sameSite: true }),
];
