// `http` and `https` against Node 10's own (peer.mjs), and what is different here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeze, run } from './host.mjs';
import { both as against, world } from './peer.mjs';

const FAILED = 1;

// What programs use: the text of a response, and everything that happens, in its order.
const HELP = `
const http = require('http');
function text(res, done) {
  let text = '';
  res.setEncoding('utf8').on('data', (more) => (text += more)).on('end', () => done(text));
}
function watch(req, seen) {
  for (const name of ['socket', 'finish', 'abort', 'timeout', 'continue', 'close', 'drain']) req.on(name, () => seen.push(name));
  req.on('error', (error) => seen.push('error ' + error.code + ' ' + error.message.replace(/\\d+\\.\\d+\\.\\d+\\.\\d+:\\d+/, 'ADDRESS')));
  req.on('response', (res) => {
    seen.push('response ' + res.statusCode);
    for (const name of ['end', 'aborted', 'close']) res.on(name, () => seen.push('res ' + name));
  });
  return req;
}
function attempt(f) {
  try {
    const value = f();
    return value === undefined ? 'undefined' : value;
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message };
  }
}
`;

const both = (...program) => against('http', HELP, ...program);

both('the order of events', `const seen = [];
  watch(http.get(base + '/pieces', (res) => text(res, (all) => seen.push(all))), seen).on('close', () => setImmediate(() => callback(null, seen)));`,
  (_, seen) => assert.deepEqual(seen.slice(-4), ['one two three', 'res end', 'close', 'res close']));

both('a response as it is seen', `http.get(base + '/pieces', (res) => {
    const { statusCode, statusMessage, httpVersion, complete, method, url, aborted } = res;
    text(res, (all) => callback(null, [statusCode, statusMessage, httpVersion, complete, method, url, aborted, all, res.complete,
      res.headers['content-type'], res.trailers, res.req.method, res.req.path, res.socket === res.connection, res.socket === res.req.socket]));
  });`);

both('headers that come more than once', `http.get(base + '/many', (res) => {
    const { connection, ...headers } = res.headers;
    const raw = res.rawHeaders.filter((_, i) => !/connection|close/i.test(res.rawHeaders[i]) && !/connection/i.test(res.rawHeaders[i - 1] || ''));
    res.resume().on('end', () => callback(null, [headers, raw]));
  });`);

both('bodies that are sent: in pieces, at once, with a length, none', `const ways = [
    (req) => { req.write('a'); req.write(Buffer.from('ü')); req.end('c'); },
    (req) => req.end('whole'),
    (req) => { req.setHeader('Content-Length', 4); req.write('le'); req.end('ft'); },
    (req) => { req.setHeader('Transfer-Encoding', 'chunked'); setTimeout(() => req.end('later'), 5); req.flushHeaders(); },
    (req) => req.end(),
    (req) => req.end('4c\\r\\nx', 'latin1'),
  ];
  const all = [];
  const next = () => {
    const way = ways.shift();
    if (!way) return callback(null, all);
    way(http.request(base + '/echo?q=1', { method: 'POST', headers: { 'X-One': '1' } }, (res) => text(res, (body) => { all.push(JSON.parse(body)); next(); })));
  };
  next();`);

both('methods, auth, header arrays, a URL object, options', `const { URL } = require('url');
  const ask = (...args) => new Promise((resolve) => http.request(...args, (res) => text(res, resolve)).end()).then((body) => body && JSON.parse(body));
  const parts = new URL(base);
  Promise.all([
    ask(base + '/echo', { method: 'delete' }), ask(base + '/echo', { method: 'HEAD' }), ask(base + '/echo', { method: 'OPTIONS' }),
    ask(new URL(base + '/echo?a=%20b')), ask({ hostname: parts.hostname, port: parts.port, path: '/echo?x', auth: 'me:wörd' }),
    ask(base + '/echo', { headers: { cookie: ['a=1', 'b=2'], 'X-Number': 5 } }),
    ask({ host: parts.hostname, port: parts.port, path: '/echo', headers: [['X-List', 'yes'], ['Host', 'h']] }),
  ]).then((all) => callback(null, all), callback);`);

both('a redirect is the answer, and no body is none', `http.get(base + '/away', (res) => text(res, (body) =>
    http.get(base + '/empty', (none) => { let ended = 0; none.on('data', () => ended--).on('end', () => callback(null, [res.statusCode, res.headers.location, body, none.statusCode, none.statusMessage])); })));`,
  (asked) => assert.deepEqual(asked.map(({ redirect, decode }) => [redirect, decode]), [['manual', false], ['manual', false]]));

both('nobody listens', `const seen = [];
  watch(http.get(base + '/pieces'), seen).removeAllListeners('response').on('close', () => callback(null, seen));`);

// Here a request is finished before the host connects.
both('a refused connection', `const seen = [];
  watch(http.get('http://127.0.0.1:1/'), seen).removeAllListeners('finish').on('error', (e) => seen.push([e.errno, e.syscall, e.address, e.port])).on('close', () => callback(null, seen));`);

both('the other side closes in the middle', `const seen = [];
  watch(http.get(base + '/cut', (res) => text(res, (all) => seen.push(all))), seen).on('close', () => setImmediate(() => callback(null, seen.filter((one) => one !== 'res close'))));`);

both('aborting: before the socket, while waiting, in the body, after the end', `const all = [];
  const ways = [['/silent', (req) => req.abort()], ['/silent', (req) => setTimeout(() => req.abort(), 20)], ['/silent', (req) => req.on('socket', () => req.abort())],
    ['/cut', (req) => req.on('response', (res) => res.once('data', () => req.abort()))],
    ['/many', (req) => req.on('response', (res) => res.resume().on('end', () => req.abort()))]];
  const next = () => {
    const way = ways.shift();
    if (!way) return callback(null, all);
    const seen = [];
    const req = watch(http.get(base + way[0]), seen);
    way[1](req);
    setTimeout(() => { all.push(seen, typeof req.aborted); next(); }, 60);
  };
  next();`);

both('timeouts: of the request, of the options, of the socket', `const seen = [[], [], []];
  const first = watch(http.get(base + '/silent'), seen[0]).on('close', () => {
    const second = watch(http.get(base + '/silent', { timeout: 200 }), seen[1]).on('timeout', () => second.abort()).on('close', () => {
      const third = watch(http.get(base + '/silent'), seen[2]).on('socket', (socket) => socket.setTimeout(200, () => { seen[2].push('idle'); third.abort(); }))
        .on('close', () => setTimeout(() => callback(null, seen), 20));
    });
  });
  first.setTimeout(200, () => { seen[0].push('called'); first.abort(); });`);

both('an agent with one socket, kept alive', `const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const order = []; const sockets = new Set();
  let left = 3;
  for (let i = 0; i < 3; i++) {
    const req = http.get(base + '/echo?' + i, { agent }, (res) => text(res, (body) => {
      order.push(JSON.parse(body).path, res.headers.connection === undefined || res.headers.connection);
      if (--left === 0) setImmediate(() => callback(null, [order.filter((one) => typeof one === 'string' && one[0] === '/'), sockets.size,
        Object.values(agent.sockets).length, Object.values(agent.freeSockets).map((list) => list.length), agent.requests]));
    }));
    req.on('socket', (socket) => sockets.add(socket));
  }`);

both('back-pressure: a reader that is slow, and pipes', `const { PassThrough } = require('stream');
  http.get(base + '/pieces', (res) => {
    const slow = new PassThrough({ highWaterMark: 1 });
    let all = '';
    res.pipe(slow);
    setTimeout(() => slow.on('data', (d) => (all += d)).on('end', () => {
      const req = http.request(base + '/echo', { method: 'PUT' }, (back) => text(back, (body) => callback(null, [all, JSON.parse(body)])));
      const source = new PassThrough(); source.pipe(req); source.write('to '); setTimeout(() => source.end('pipe'), 3);
    }), 10);
  });`);

both('what is refused when it is called', `const req = http.request(base + '/echo');
  const bad = [
    () => http.request('nonsense'), () => http.request({ protocol: 'ftp:', host: 'x' }), () => http.request({ path: '/a b' }),
    () => http.request({ method: 'a b' }), () => http.request({ method: 5 }), () => http.request({ host: 5 }), () => http.request({ agent: {} }),
    () => http.request({ headers: { 'a b': 1 } }), () => http.request({ headers: { a: undefined } }), () => http.request({ headers: { a: 'x\\ny' } }),
    () => req.setHeader('a'), () => req.setTimeout('x'), () => req.write(5), () => req.write(null), () => req.getHeader(5), () => req.removeHeader(),
  ].map(attempt);
  const req2 = http.request(base + '/echo'); req2.abort(); req2.on('error', () => {}); req2.setHeader('X-A', ['1', '2']);
  const known = [req2.getHeader('x-a'), req2.hasHeader('X-a'), req2.getHeaderNames().filter((n) => n !== 'host'), req2.removeHeader('x-a'), req2.hasHeader('x-a')].map((one) => one === undefined ? null : one);
  req.on('response', (res) => res.resume().on('end', () => callback(null, [bad, known, attempt(() => req.setHeader('a', 'b')), req.headersSent, req.finished, attempt(() => req.end('again')) === req])));
  req.end();`);

both('a write after the end', `const seen = [];
  const req = watch(http.request(base + '/echo', { method: 'POST' }, (res) => res.resume().on('end', () => callback(null, seen))), seen);
  req.end('x');
  req.write('y', () => {});`);

both('a server that must say to go on first', `const seen = [];
  const req = watch(http.request(base + '/echo', { method: 'POST', headers: { Expect: '100-continue' } }, (res) => text(res, (body) => callback(null, [seen, JSON.parse(body).body]))), seen);
  req.on('continue', () => req.end('asked for'));`);

both('what the modules have', `const https = require('https');
  callback(null, [Object.keys(http).sort(), Object.keys(https).sort(), http.METHODS, http.STATUS_CODES, http.maxHeaderSize, http.Agent.defaultMaxSockets === Infinity,
    http.globalAgent instanceof http.Agent, https.globalAgent.defaultPort, https.globalAgent.protocol, https.globalAgent instanceof http.Agent,
    http.ClientRequest.name, require('net').isIP('::1'), require('net').isIPv4('1.2.3'), Object.keys(require('_http_common')).sort(), new http.Agent({ maxSockets: 3 }).getName({ host: 'h', port: 5 })]);`);

test('https: the URL, the socket, the certificate', () => {
  const { answer, asked } = world();
  const { result } = run(`const https = require('node:https');
    function lambda(input, callback) {
      const seen = [];
      const req = https.get('https://a.example/echo?x#y', { agent: new https.Agent({ ca: ['c', Buffer.from('d')], secureProtocol: 'TLSv1_2_method' }) }, (res) => {
        seen.push(res.socket.encrypted, res.socket.authorized, Object.keys(res.socket.getPeerCertificate()));
        res.resume().on('end', () => https.get({ host: 'a.example', path: '/echo', cert: 'c', key: 'k', rejectUnauthorized: false }, (other) => {
          seen.push(other.socket.authorized);
          other.resume().on('end', () => https.get({ host: 'a.example', pfx: 'p' }).on('error', (error) => callback(null, [seen, error.code, error.message])));
        }));
      });
      req.on('socket', (socket) => socket.on('secureConnect', () => seen.push('secureConnect')));
    }`, {}, { answer });
  const [seen, code, message] = result;
  assert.deepEqual(seen, ['secureConnect', true, true, [], false]);
  assert.equal(code, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM');
  assert.match(message, /a certificate in a PFX file is not available in a lambda/);
  assert.deepEqual(asked.map(({ identity }) => identity), [
    { ca: 'c\nd', allowSelfSigned: false },
    { cert: 'c', key: 'k', allowSelfSigned: true },
  ]);
  assert.equal(asked[0].url, 'https://a.example:443/echo?x');
});

test('http: servers, tunnels and sockets of the system are refused with a reason', () => {
  const { result } = run(`const http = require('http'), https = require('https');
    const server = (f) => { try { f(); } catch (error) { return [error.code, error.message]; } };
    const failed = (options) => new Promise((resolve) => http.request(options).on('error', (error) => resolve([error.code, error.message])).end());
    async function lambda(input, callback) {
      callback(null, [server(() => http.createServer()), server(() => https.createServer({})), server(() => new http.Server()),
        await failed({ method: 'CONNECT', host: 'a.example', path: 'b.example:443' }), await failed({ host: 'a.example', path: 'http://b.example/' }), await failed({ socketPath: '/x' })]);
    }`, {}, { answer: world().answer });
  for (const [code, message] of result) {
    assert.equal(code, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM');
    assert.match(message, / is not available in a lambda: /);
  }
  assert.equal(result.length, 6);
});

test('http: a name that is not known, and a host that refuses to start', () => {
  const answer = () => ({ form: FAILED, bytes: '{"code":"ENOTFOUND","message":"getaddrinfo ENOTFOUND a.example","syscall":"getaddrinfo","hostname":"a.example"}' });
  const code = `function lambda(input, callback) { require('http').get('http://a.example/').on('error', ({ message, code, errno, syscall, hostname, host, port }) => callback(null, { message, code, errno, syscall, hostname, host, port })); }`;
  assert.deepEqual(run(code, {}, { answer }).result, {
    message: 'getaddrinfo ENOTFOUND a.example a.example:80', code: 'ENOTFOUND', errno: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'a.example', host: 'a.example', port: 80,
  });
  assert.match(run(code, {}).result.message, /without a network/);
});

test('http: what is given up is given up at the host, and nothing is left', () => {
  const { answer } = world();
  const waiting = run(`function lambda(input, callback) { const req = require('http').get('http://a.example/silent').on('error', () => callback(null, 'over')); setTimeout(() => req.abort(), 5); }`, {}, { answer });
  assert.equal(waiting.result, 'over');
  assert.deepEqual(waiting.instance.cancelled, [1]);
  const unread = run(`function lambda(input, callback) { require('http').get('http://a.example/pieces', (res) => { res.destroy(); callback(null, 'gone'); }); }`, {}, { answer });
  assert.equal(unread.result, 'gone');
  assert.equal(unread.instance.operations.size, 0);
});

test('http at the top level is a build error', () => {
  const refused = freeze("require('http').get('http://a.example').on('error', () => {});\nfunction lambda(input, callback) { callback(); }");
  assert.equal(refused.status, 'refused');
  assert.match(refused.message, /timer|network/);
});
