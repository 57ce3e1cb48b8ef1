// npm's request and request-promise against themselves in real Node 10 (peer.mjs): the same packages, the same answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Instance, baseImage, dirty, freeze, run } from './host.mjs';
import { both as against } from './peer.mjs';

const HELP = `
const request = require('request');
const rp = require('request-promise-native');
// A failure as it is seen, without what names the server.
const failure = (error) => ({ name: error.name, message: error.message.replace(/127\\.0\\.0\\.1:\\d+|a\\.example:81/g, 'HOST'), statusCode: error.statusCode,
  error: error.error instanceof Error ? error.error.code || error.error.message : error.error, hasResponse: error.response !== undefined,
  cause: error.cause && error.cause.code, connect: error.cause && error.cause.connect });
const settled = (promise) => promise.then((value) => ['kept', value], (error) => ['broken', failure(error)]);
const all = (list, callback) => Promise.all(list).then((values) =>
  callback(null, JSON.parse(JSON.stringify(values).replace(/127\\.0\\.0\\.1:\\d+|a\\.example:81/g, 'HOST'))), callback);
`;
const both = (...program) => against('request', HELP, ...program);

both('json, forms, queries, bodies', `all([
  rp({ uri: base + '/echo', json: true }), rp({ method: 'POST', uri: base + '/echo', json: true, body: { a: [1, 'ü'], b: null } }),
  rp({ method: 'PUT', uri: base + '/echo', json: { x: 1 } }), rp.post(base + '/echo', { form: { a: 'b c', d: ['x', 'y'], 'ü': '&' }, json: true }),
  rp.post({ url: base + '/echo', form: 'raw=1', json: true }), rp({ uri: base + '/echo?old=1', qs: { b: ["x'(", 'y'], c: { d: 1 } }, json: true }),
  rp({ uri: base + '/echo', qs: { a: ['x', 'y'] }, qsStringifyOptions: { arrayFormat: 'repeat' }, json: true }),
  rp({ uri: base + '/echo', qs: { a: [1] }, useQuerystring: true, json: true }), rp({ baseUrl: base + '/', uri: '/echo', json: true }),
  rp({ method: 'POST', uri: base + '/echo', body: 'text' }), rp({ method: 'POST', uri: base + '/echo', body: Buffer.from('bytes'), headers: { 'Content-Type': 'x/y' } }),
  rp({ method: 'patch', uri: base + '/echo', body: ['a', 'b'] }), rp.del(base + '/echo'), rp.options(base + '/echo'), rp.head(base + '/pieces').then((h) => h['content-type']),
], callback);`);

both('headers and authentication', `all([
  rp({ uri: base + '/echo', headers: { 'X-One': 'a', 'User-Agent': 'me' }, json: true }), rp({ uri: base + '/echo', auth: { user: 'ä', pass: 'b:c' }, json: true }),
  rp({ uri: base + '/echo', auth: { bearer: 'token' }, json: true }), rp({ uri: base + '/echo', auth: { bearer: () => 'made' }, json: true }),
  rp(base + '/echo', { json: true }).auth('me', 'word', true), rp(base.replace('//', '//user:secret@') + '/echo', { json: true }),
  rp({ uri: base + '/echo', auth: { user: 'u', pass: 'p', sendImmediately: false }, json: true }),
  rp({ uri: base + '/login', auth: { user: 'u', pass: 'p', sendImmediately: false }, json: true }).then((b) => b.headers.authorization.replace(/cnonce="\\w+"|response="\\w+"|uri="[^"]*"/g, '')),
  rp({ uri: base + '/echo', gzip: false, json: true }),
  rp({ uri: base + '/echo', oauth: { consumer_key: 'c', consumer_secret: 's', token: 't', token_secret: 'ts', timestamp: '1', nonce: 'n', version: '1.0' }, json: true }).then((b) => b.headers.authorization.replace(/oauth_signature="[^"]*"/, '')),
  rp({ uri: base + '/echo', aws: { key: 'k', secret: 's', bucket: 'b' }, headers: { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }, json: true }).then((b) => b.headers.authorization.replace(/:.*/, '')),
  rp({ uri: base + '/echo', httpSignature: { keyId: 'id', key: 'k', algorithm: 'hmac-sha256' }, headers: { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }, json: true }).then((b) => b.headers.authorization),
  rp({ uri: base + '/echo', hawk: { credentials: { id: 'i', key: 'k', algorithm: 'sha256' } }, json: true }).then((b) => b.headers.authorization.slice(0, 11)),
], callback);`);

both('forms with files', `all([
  rp.post({ url: base + '/echo', json: true, formData: { a: 'b', list: ['x', 'y'], file: { value: Buffer.from('data'), options: { filename: 'f.txt', contentType: 'text/plain' } } } })
    .then(({ headers, body }) => [headers['content-type'].replace(/-{20}.*/, ''), body.replace(/-{20,}\\d+/g, 'BOUNDARY')]),
  rp.post({ url: base + '/echo', json: true, multipart: [{ 'content-type': 'text/plain', body: 'one' }, { body: Buffer.from('two') }] })
    .then(({ body }) => body.replace(/--[\\w-]{36}/g, 'BOUNDARY')),
], callback);`);

both('redirects', `all([
  rp({ uri: base + '/away', json: true }), settled(rp({ uri: base + '/away', followRedirect: false })), rp({ uri: base + '/away', followRedirect: () => true, resolveWithFullResponse: true }).then((r) => r.request.uri.path),
  settled(rp.post({ uri: base + '/see-other', body: 'x' })), rp.post({ uri: base + '/see-other', body: 'x', followAllRedirects: true, json: true }),
  rp.post({ uri: base + '/see-other', followAllRedirects: true, followOriginalHttpMethod: true, json: true }), rp.post({ uri: base + '/again', followAllRedirects: true, form: { a: 1 }, json: true }),
  settled(rp({ uri: base + '/in-circles', maxRedirects: 3 })).then(([way, { name, message }]) => [way, name, message]), rp({ uri: base + '/away', removeRefererHeader: true, json: true }).then((b) => b.headers.referer || 'none'),
], callback);`);

both('answers: whole, judged, transformed, not JSON, binary, late', `all([
  rp({ uri: base + '/pieces', resolveWithFullResponse: true }).then((r) => [r.statusCode, r.statusMessage, r.headers['content-type'], r.body, r.request.method, r.toJSON().statusCode]),
  settled(rp({ uri: base + '/bad' })), settled(rp({ uri: base + '/bad', json: true })), rp({ uri: base + '/bad', json: true, simple: false }), rp({ uri: base + '/bad', simple: false, resolveWithFullResponse: true }).then((r) => r.statusCode),
  rp({ uri: base + '/no-json', json: true }), rp({ uri: base + '/binary', encoding: null }).then((b) => [Buffer.isBuffer(b), b.toString('hex')]), rp({ uri: base + '/pieces', encoding: 'hex' }),
  rp({ uri: base + '/pieces', transform: (body, response, full) => [body.length, response.statusCode, full] }), settled(rp({ uri: base + '/pieces', transform: () => { throw new TypeError('no'); } })),
  rp({ uri: base + '/bad', json: true, simple: false, transform2xxOnly: true, transform: () => 'not called' }), settled(rp({ uri: base + '/silent', timeout: 30 })), rp(base + '/empty').then((b) => b === ''),
], callback);`);

both('failures of other kinds', `all([
  settled(rp('http://127.0.0.1:1/')).then(([way, { name, cause }]) => [way, name, cause]), settled(rp('nonsense')), settled(rp({ json: true })), settled(rp({ uri: 'ftp://x/' })), settled(rp({ uri: base + '/echo', headers: { 'a b': 1 } })),
  settled(rp({ uri: base + '/cut' })),
  new Promise((resolve) => request({ uri: base + '/bad' }, (error, response, body) => resolve([error, response.statusCode, body]))),
  new Promise((resolve) => request('http://127.0.0.1:1/', (error, response, body) => resolve([error.code, error.syscall, response === undefined, body === undefined]))),
  new Promise((resolve) => { try { resolve(request()); } catch (error) { resolve(error.message); } }),
], callback);`);

both('cookies, with jars', `const jar = rp.jar(); const set = request.jar(); set.setCookie(request.cookie('mine=3'), base);
all([
  rp({ uri: base + '/cookies', jar, json: true }).then((b) => [b.headers.cookie, jar.getCookies(base + '/').map((c) => c.key + '=' + c.value), jar.getCookieString(base)]),
  rp({ uri: base + '/echo', jar: set, json: true }).then((b) => b.headers.cookie), rp({ uri: base + '/cookies', jar: true, json: true }).then((b) => b.headers.cookie), rp({ uri: base + '/cookies', json: true }).then((b) => b.headers.cookie || 'none'),
  rp({ uri: base + '/echo', headers: { Cookie: 'own=1' }, jar: set, json: true }).then((b) => b.headers.cookie),
], callback);`);

both('defaults, methods, debugging', `const d = rp.defaults({ headers: { 'X-D': 'default' }, json: true, qs: { d: 1 } }); const e = d.defaults({ headers: { 'X-E': 'more' }, method: 'POST' });
all([ d(base + '/echo'), d(base + '/echo', { headers: { 'X-D': 'own' } }), e({ uri: base + '/echo' }), d.put(base + '/echo', { body: { a: 1 } }), d.get({ uri: base + '/echo', qs: { q: 2 } }) ], callback);`);

both('streams: events, pipes in and out', `const { PassThrough } = require('stream'); const seen = [];
const r = request(base + '/pieces'); let data = '';
for (const name of ['request', 'socket', 'response', 'end', 'complete', 'close', 'error']) r.on(name, () => seen.push(name));
r.on('data', (d) => (data += d)).on('complete', () => {
  const source = new PassThrough(); const target = new PassThrough(); let piped = '';
  target.on('data', (d) => (piped += d)).on('end', () => request.get(base + '/pieces').pipe(request.put(base + '/echo', (error, response, body) => callback(null, [seen, data, JSON.parse(piped).body, JSON.parse(body).body]))));
  source.pipe(request.post(base + '/echo')).pipe(target); source.write('in '); setTimeout(() => source.end('and out'), 4);
});`);

both('aborting, and one agent for all', `const seen = []; const pool = {};
const r = request(base + '/silent', (error) => seen.push('called', error && error.code)); r.on('abort', () => seen.push('abort')).on('end', () => seen.push('end')); setTimeout(() => r.abort(), 10);
Promise.all([1, 2, 3].map((n) => rp({ uri: base + '/echo?' + n, pool, forever: true, json: true, agentOptions: { keepAlive: true, maxSockets: 1 } }))).then((list) => setTimeout(() => callback(null, [seen, list.map((b) => b.path), Object.keys(pool).length]), 30));`);

both('what the packages are', `const other = require('request-promise-native'); const errors = require('request-promise-native/errors');
callback(null, [request === rp, rp === other, typeof request.get(base + '/echo').then, typeof rp.get(base + '/echo').then, typeof rp(base + '/echo').promise, Object.keys(request).sort(), Object.keys(rp).sort(),
  Object.keys(errors), rp(base + '/bad').catch((e) => 0) instanceof Promise, require('request').Request === require('request').Request, module.children === undefined || true]);`);

test('request-promise is request-promise-native, and its private request is not the other', () => {
  const { result } = run(`const first = require('request'); const rp = require('request-promise');
    function lambda(input, callback) { callback(null, [rp === require('request-promise-native'), first === require('request'), rp === first, first.Request === rp.Request,
      Object.keys(require.cache).filter((file) => file === '/node_modules/request/index.js').length]); }`, {});
  assert.deepEqual(result, [true, true, false, false, 1]);
});

test('request: what a denied host answers is a status', () => {
  const denied = (kind, head) => kind === 1
    ? { form: 0, bytes: JSON.stringify({ status: 403, statusText: 'Forbidden', httpVersion: '1.1', headers: [['content-type', 'text/plain']], url: head.url, redirected: false, body: 9 }) }
    : { form: 3, bytes: 'You do not have access to the page or resource you are trying to reach\n' };
  const { result } = run(`const rp = require('request-promise-native');
    async function lambda(input, callback) { try { await rp('http://b.example'); } catch (error) { callback(null, [error.name, error.statusCode, error.message, await rp({ uri: 'http://b.example', simple: false })]); } }`, {}, { answer: denied });
  assert.deepEqual(result.slice(0, 2), ['StatusCodeError', 403]);
  assert.match(result[3], /^You do not have access/);
});

test('request at the top level is a build error', () => {
  const refused = freeze("require('request')('http://a.example', () => {});\nfunction lambda(input, callback) { callback(); }");
  assert.equal(refused.status, 'refused');
  assert.match(refused.message, /timer|network/);
});

test('to require them costs a lambda next to nothing: they are part of the base image', () => {
  const lambda = 'function lambda(input, callback) { callback(null, 1); }';
  const touched = (source) => {
    const { image } = freeze(source);
    const instance = new Instance(image);
    assert.equal(instance.start('{}'), 'done');
    return [dirty(image.bytes, instance.image().bytes).pages.length, dirty(baseImage().bytes, image.bytes).pages.length];
  };
  const [plain, plainImage] = touched(lambda);
  const [with_, withImage] = touched(`const all = ['request', 'request-promise', 'jsforce', 'https'].map((name) => require(name)); ${lambda}`);
  assert.ok(with_ <= plain + 2 && withImage <= plainImage + 8, `${with_} pages for ${plain}, an image of ${withImage} for ${plainImage}`);
});
