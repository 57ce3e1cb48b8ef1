// `lp-faas-toolbelt`: its HTTP client, secrets, signed calls and conversations. The world outside is played by the test.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { run } from './host.mjs';

const [REQUEST, READ, , READ_SECRET, UPDATE_SECRET, INVOKE] = [1, 2, 3, 4, 5, 6];
const [JSON_FORM, FAILED, , LAST_BYTES] = [0, 1, 2, 3];

// `answers(request) -> {status, text, headers}`; `secrets` by key; `siblings(call) -> {statusCode, body}` or `{code}`.
// Notes every request and call.
function world(answers, secrets = {}, siblings = undefined) {
  const asked = [];
  const calls = [];
  const bodies = [''];
  const told = (form, value) => ({ form, bytes: JSON.stringify(value) });
  const answer = (kind, head, body) => {
    if (kind === READ) return { form: LAST_BYTES, bytes: bodies[head.body] };
    if (kind === READ_SECRET && head.key in secrets) return told(JSON_FORM, { key: head.key, value: secrets[head.key] });
    if (kind === INVOKE) {
      calls.push(head);
      const end = siblings(head);
      return end.code === undefined ? told(JSON_FORM, { headers: {}, ...end }) : told(FAILED, { message: end.code, ...end });
    }
    if (kind === UPDATE_SECRET && head.key in secrets) return told(JSON_FORM, { key: head.key, value: (secrets[head.key] = head.value) });
    if (kind !== REQUEST) {
      return told(FAILED, { code: 'com.liveperson.faas.secret.not-found', message: `There is no Secret ${head.key} for this account` });
    }
    const request = { ...head, headers: Object.fromEntries(head.headers), body };
    asked.push(request);
    const { status = 200, text = '', headers = [], error } = answers(request);
    if (error !== undefined) return told(FAILED, error);
    bodies.push(text);
    return told(JSON_FORM, { status, statusText: 'S', httpVersion: '1.1', headers, url: head.url, redirected: false, body: bodies.length - 1 });
  };
  return { answer, asked, calls, secrets };
}

const environment = { BRAND_ID: '123', LAMBDA_UUID: 'u-1' };
const result = (code, played) => {
  const source = `const { Toolbelt, ErrorCodes, SecretError, LpServices, SDETypes, ConversationContentTypes, ErrorStrategy } = require('lp-faas-toolbelt');
    async function lambda(input, callback) { ${code} }`;
  const outcome = run(source, {}, { answer: played.answer, environment });
  assert.equal(outcome.status, 'done', JSON.stringify(outcome.failure));
  return outcome.result;
};

test('HTTPClient: options make the request that request would make', () => {
  const played = world(() => ({ text: '{"ok":true}', headers: [['content-type', 'application/json'], ['set-cookie', 'a'], ['set-cookie', 'b']] }));
  const code = `const rp = Toolbelt.HTTPClient();
    const all = [
      await rp('http://a.example/x?p=1#f', { qs: { a: [1, 2], b: { c: 'd e' }, none: undefined }, headers: { 'user-agent': 'mine' }, json: true }),
      await rp.post({ url: '/y', baseUrl: 'http://a.example/base/', form: { a: 'b&c', d: ['e'] }, resolveWithFullResponse: true }),
      await rp({ uri: 'http://a.example/z', method: 'PUT', body: { deep: [1] }, json: true, auth: { user: 'me', pass: 'wörd' } }),
      await rp.defaults({ headers: { 'X-D': 'd' }, auth: { bearer: 't' } }).del('http://a.example/d'),
    ];
    callback(null, [all[0], all[1].statusCode, all[1].headers['set-cookie'], all[1].body, all[2], all[3]]);`;
  assert.deepEqual(result(code, played), [{ ok: true }, 200, ['a', 'b'], '{"ok":true}', { ok: true }, '{"ok":true}']);
  const [get, post, put, del] = played.asked;
  assert.equal(get.url, 'http://a.example/x?p=1&a%5B0%5D=1&a%5B1%5D=2&b%5Bc%5D=d%20e');
  assert.deepEqual(get.headers, { 'LP-URL': '123', 'user-agent': 'mine', accept: 'application/json' });
  assert.deepEqual([get.redirect, get.maxRedirects, get.decode], ['follow', 10, false]);
  assert.deepEqual([post.url, post.body, post.redirect], ['http://a.example/base/y', 'a=b%26c&d%5B0%5D=e', 'manual']);
  assert.equal(post.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.deepEqual([put.body, put.headers.authorization], ['{"deep":[1]}', `Basic ${Buffer.from('me:wörd').toString('base64')}`]);
  assert.deepEqual([del.method, del.headers['X-D'], del.headers.authorization, del.headers['User-Agent']], ['DELETE', 'd', 'Bearer t', 'LP-Lambda-u-1']);
});

test('HTTPClient: failures are those of request-promise', () => {
  const played = world(({ url }) => (url.endsWith('/gone') ? { error: { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND a' } } : { status: 403, text: 'no\n' }));
  const code = `const rp = Toolbelt.HTTPClient(); const told = [];
    await rp('http://a/x').catch((e) => told.push([e.name, e.statusCode, e.message, e.error, e.response.statusCode, e instanceof Error]));
    told.push(await rp('http://a/x', { simple: false }));
    await rp('http://a/gone').catch((e) => told.push([e.name, e.message, e.cause.code, e.error.code]));
    await rp({}).catch((e) => told.push([e.name, e.message]));
    await new Promise((done) => rp.get('http://a/x', (error, response, body) => { told.push([error, response.statusCode, body]); done(); }));
    callback(null, told);`;
  assert.deepEqual(result(code, played), [
    ['StatusCodeError', 403, '403 - "no\\n"', 'no\n', 403, true],
    'no\n',
    ['RequestError', 'Error: getaddrinfo ENOTFOUND a', 'ENOTFOUND', 'ENOTFOUND'],
    ['RequestError', 'Error: options.uri is a required argument'],
    [null, 403, 'no\n'], // a callback is given any answer, as by request itself
  ]);
});

test('SecretClient', () => {
  const played = world(() => ({}), { counter: 1 });
  const code = `const secrets = Toolbelt.SecretClient(); const told = [await secrets.readSecret('counter')];
    told.push(await secrets.updateSecret({ key: 'counter', value: { n: 2 } }), await secrets.writeSecret({ key: 'counter', value: 'x' }));
    await secrets.readSecret('none').catch((e) => told.push([e.name, e.code === ErrorCodes.Secret.NotFound, e.message, e instanceof SecretError]));
    told.push(await secrets.getUsedSecrets()); callback(null, told);`;
  assert.deepEqual(result(code, played), [
    { key: 'counter', value: 1 }, { key: 'counter', value: { n: 2 } }, { key: 'counter', value: 'x' },
    ['SecretError', true, 'There is no Secret none for this account', true], ['counter', 'none'],
  ]);
});

test('LpClient finds the service, signs, and says which it does not find', () => {
  const secret = { consumerKey: 'ck', consumerSecret: 'c s', token: 'tk', tokenSecret: 't/s' };
  const played = world(({ url }) => {
    if (url.includes('/service/nothing/')) return { status: 404, text: '{}' };
    if (url.includes('/baseURI.json')) return { text: '{"service":"msgHist","baseURI":"hist.example"}' };
    return { text: '{"found":1}' };
  }, { 'lp-faas-default-app-key': secret });
  const code = `const lp = Toolbelt.LpClient(); const told = [await lp(LpServices.MESSAGING_HISTORY, '/a b?v=2&q=x%20y', { method: 'POST', body: { a: 1 } })];
    await lp('nothing', '/').catch((e) => told.push([e.code === ErrorCodes.Csds.DomainNotFound, e.message])); callback(null, told);`;
  assert.deepEqual(result(code, played), [{ found: 1 }, [true, 'Service "nothing" could not be found.']]);
  const [lookUp, call] = played.asked;
  assert.equal(lookUp.url, 'https://api.liveperson.net/api/account/123/service/msgHist/baseURI.json?version=1.0');
  assert.equal(call.url, 'https://hist.example/a b?v=2&q=x%20y');
  assert.equal(call.body, '{"a":1}');
  const oauth = Object.fromEntries([...call.headers.Authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value)]));
  const { oauth_signature: signature, ...signed } = oauth;
  assert.equal(signed.oauth_consumer_key, 'ck');
  const escape = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const pairs = Object.entries({ ...signed, v: '2', q: 'x y' }).map(([name, value]) => `${escape(name)}=${escape(value)}`).sort();
  const base = ['POST', 'https://hist.example/a b', pairs.join('&')].map(escape).join('&');
  assert.equal(signature, createHmac('sha1', 'c%20s&t%2Fs').update(base).digest('base64'));
});

test('ConversationUtil and SDEUtil', () => {
  const record = { messageRecords: [
    { type: 'TEXT_PLAIN', messageData: { msg: { text: 'I want to CANCEL' } }, timeL: 5, sentBy: 'Consumer' },
    { type: 'HOSTED_FILE', messageData: { file: { caption: 'a complaint' } }, timeL: 6, sentBy: 'Consumer' },
    { type: 'RICH_CONTENT', messageData: {} },
  ], sdes: { events: [{ serverTimeStamp: 2 }, { serverTimeStamp: 1 }] } };
  const played = world(({ url }) => (url.includes('baseURI') ? { text: '{"baseURI":"hist.example"}' } : { text: JSON.stringify({ conversationHistoryRecords: [record] }) }), { 'lp-faas-default-app-key': { consumerKey: 'a', consumerSecret: 'b', token: 'c', tokenSecret: 'd' } });
  const code = `const util = Toolbelt.ConversationUtil(); const conversation = await util.getConversationById('id', [ConversationContentTypes.MESSAGE_RECORDS]);
    await Toolbelt.SDEUtil().addSDEs([{ type: SDETypes.LEAD }], 'v', 's');
    callback(null, [util.scanConversationForKeywords(conversation, ['cancel', 'complaint']), Toolbelt.SDEUtil().getSDEsFromConv(conversation)]);`;
  assert.deepEqual(result(code, played), [
    [
      { message: 'I want to CANCEL', sentTimestamp: 5, sentBy: 'Consumer', tag: 'keywordRef:cancel' },
      { message: 'a complaint', sentTimestamp: 6, sentBy: 'Consumer', tag: 'keywordRef:complaint' },
    ],
    { sdes: { events: [{ serverTimeStamp: 1 }, { serverTimeStamp: 2 }] }, unAuthSdes: { events: [] } },
  ]);
  assert.equal(played.asked[1].body, '{"conversationId":"id","contentToRetrieve":["messageRecords"]}');
  assert.match(played.asked.at(-1).url, /^https:\/\/hist.example\/api\/account\/123\/monitoring\/visitors\/v\/visits\/current\/events\?v=1&sid=s$/);
});

test('HTTPClient: names in the URL give way, answers have one spelling, HEAD has headers, callbacks get the response', () => {
  const headers = [['X', '1'], ['x', '2']];
  const played = world(({ url }) => ({ status: url.endsWith('/no') ? 403 : 200, text: 'yes', headers }));
  const code = `const rp = Toolbelt.HTTPClient();
    const head = await rp.head('http://a.example/');
    const changed = await rp('http://a.example/', { transform: (body, response) => body + response.statusCode });
    const called = await new Promise((resolve) => rp('http://a.example/no', (error, response, body) => resolve([error, response.statusCode, body])));
    await rp.defaults({ qs: { a: 1, b: 2 } }).get("http://a.example/?b=old&c=3", { qs: { d: "it's" } });
    callback(null, [head, changed, called]);`;
  assert.deepEqual(result(code, played), [{ x: '1, 2' }, 'yes200', [null, 403, 'yes']]);
  assert.equal(played.asked.at(-1).url, 'http://a.example/?c=3&a=1&b=2&d=it%27s');
});

test('GDPRUtil: the files of a conversation are overwritten where they lie', () => {
  const played = world(({ url }) => ({ text: url.includes('/service/swift/') ? '{"baseURI":"swift.example"}' : '' }));
  const records = [
    { type: 'HOSTED_FILE', messageData: { file: { relativePath: '/f/1.pdf' } } },
    { type: 'HOSTED_FILE', messageData: { file: { relativePath: 'f/2.png' } } },
    { type: 'TEXT_PLAIN', messageData: { msg: { text: '/f/3' } } },
  ];
  const code = `const conversation = { messageRecords: ${JSON.stringify(records)} };
    const storage = { username: 'u', password: 'p' };
    const gdpr = Toolbelt.GDPRUtil();
    const some = await gdpr.replaceConversationFiles(conversation, storage, (path) => !path.endsWith('.png'));
    const all = await gdpr.replaceConversationFiles(conversation, storage, undefined, 'gone');
    callback(null, [some, all, await gdpr.replaceConversationFiles({}, storage)]);`;
  assert.deepEqual(result(code, played), [['/f/1.pdf'], ['/f/1.pdf', 'f/2.png'], []]);
  const put = played.asked.filter(({ method }) => method === 'PUT');
  assert.deepEqual(put.map(({ url, body }) => [url, body]), [
    ['https://swift.example/f/1.pdf', 'This file was removed.'],
    ['https://swift.example/f/1.pdf', 'gone'],
    ['https://swift.example/f/2.png', 'gone'],
  ]);
  assert.equal(put[0].headers.authorization, `Basic ${Buffer.from('u:p').toString('base64')}`);
});

// A context store for one namespace, as the platform's service answers.
function contextStore() {
  const sessions = { __default__: {} };
  let failures = 1;
  return ({ url, method, body }) => {
    if (url.includes('/service/mavenContext/')) return { text: '{"baseURI":"context.example"}' };
    const { pathname, search } = new URL(url);
    const path = pathname.replace('/v1/account/123', '');
    const json = (value) => ({ text: JSON.stringify(value) });
    const [, namespace, session = '', , name] = path.split('/');
    if (path === '' && method === 'POST') return { status: 204 };
    if (path === '') return json([{ name: 'orders', createdAt: '2020-01-02T03:04:05.000Z', ttlSecond: Number(search.slice(11)) || 60 }]);
    if (namespace !== 'orders') return { status: 404, text: '{"message":"no such namespace"}' };
    if (session === 'session-ids') return json(Object.keys(sessions));
    if (session === '') return { status: 204 };
    if (method === 'PATCH' && failures > 0) {
      failures -= 1;
      return { status: 503 };
    }
    if (method === 'PATCH') sessions[session] = { ...sessions[session], ...JSON.parse(body) };
    else if (method === 'DELETE' && name) delete sessions[session][name];
    else if (method === 'DELETE') delete sessions[session];
    else if (name) return name in sessions[session] ? json(sessions[session][name]) : { status: 404, text: '{"message":"no such property"}' };
    else return json(sessions[session] ?? {});
    return { status: 204 };
  };
}

test('ContextServiceClient', () => {
  const played = world(contextStore());
  const code = `const all = [];
    for (const config of [undefined, { accountId: '1' }, { apiKey: 'k' }]) {
      try { Toolbelt.ContextServiceClient(config); } catch (error) { all.push(error.message); }
    }
    const client = Toolbelt.ContextServiceClient({ apiKey: 'k', accountId: '123' });
    all.push(await client.createNamespace('orders', { ttl: 120 }));
    all.push((await client.getListOfNamespaces())[0].createdAt instanceof Date);
    all.push(await client.setPropertiesInNamespace('orders', { a: 1, b: { c: 'd' } }));
    all.push(await client.updatePropertiesInNamespace('orders', { a: 2 }, 's/1'));
    all.push(await client.getPropertyInSession('orders', 'b'));
    all.push(await client.getSelectedPropertiesInSession('orders', ['a', 'none', 'b']));
    await client.deletePropertyInSession('orders', 'b');
    all.push(await client.getAllPropertiesInSession('orders'));
    await client.deleteSession('orders', 's/1');
    all.push(await client.getListOfSessions('orders'));
    await client.getPropertyInSession('orders', 'none').catch((error) => all.push([error.statusCode, error.message]));
    await client.getListOfSessions('').catch((error) => all.push(error.message));
    await client.deleteNamespace('orders');
    callback(null, all);`;
  assert.deepEqual(result(code, played), [
    'No valid configuration was provided',
    'No valid API-key was provided',
    'No valid accountId was provided',
    { name: 'orders', createdAt: '2020-01-02T03:04:05.000Z', ttlSecond: 60 },
    true,
    { a: 1, b: { c: 'd' } },
    { a: 2 },
    { c: 'd' },
    { a: 1, b: { c: 'd' } },
    { a: 1 },
    ['__default__'],
    [404, 'no such property'],
    'No valid namespace was provided',
  ]);
  const [, create] = played.asked;
  assert.equal(create.url, 'https://context.example/v1/account/123?ttlSecond=120');
  assert.deepEqual([create.method, create.body, create.headers['maven-api-key']], ['POST', '{"name":"orders"}', 'k']);
  const patches = played.asked.filter(({ method }) => method === 'PATCH').map(({ url }) => new URL(url).pathname);
  const first = '/v1/account/123/orders/__default__/properties';
  assert.deepEqual(patches, [first, first, '/v1/account/123/orders/s%2F1/properties'], 'one that passes is tried again');
});

test('MTLSClient', () => {
  const played = world(({ method }) => (method === 'GET' ? { text: '{"a":1}' } : { status: 409, text: 'taken' }));
  const code = `const pem = '-----BEGIN X-----'; const all = [];
    for (const config of [undefined, { key: pem }, { key: pem, cert: 'x' }, { key: pem, cert: pem, ca: 1 }]) {
      try { Toolbelt.MTLSClient(config); } catch (error) { all.push(error.message); }
    }
    const client = Toolbelt.MTLSClient({ key: pem, cert: pem });
    all.push(await client.get('https://a.example/x', { 'X-A': 'b' }));
    all.push(await client.post('https://a.example/y', undefined, { b: 1 }));
    all.push(await client.put('https://a.example/z', {}, 'text', { json: false, timeout: 5, allowSelfSigned: true }));
    all.push(await client.options('https://a.example/o', { 'X-O': 'p' }));
    callback(null, [all, Object.keys(client)]);`;
  const [all, names] = result(code, played);
  assert.deepEqual(names, ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']);
  assert.deepEqual(all, [
    'key must be a PEM text',
    'cert must be a PEM text',
    'cert must be a PEM text',
    'ca must be a PEM text',
    { headers: {}, statusCode: 200, body: { a: 1 } },
    { headers: {}, statusCode: 409, body: 'taken' },
    { headers: {}, statusCode: 409, body: 'taken' },
    { headers: {}, statusCode: 409 },
  ]);
  const pem = '-----BEGIN X-----';
  assert.deepEqual(played.asked.map(({ method, body, timeout, identity, headers }) => [method, body, timeout, identity.allowSelfSigned, headers['content-type']]), [
    ['GET', '', 0, false, undefined],
    ['POST', '{"b":1}', 0, false, 'application/json'],
    ['PUT', 'text', 5, true, undefined],
    ['OPTIONS', '', 0, false, undefined],
  ]);
  assert.deepEqual(played.asked[0].identity, { key: pem, cert: pem, allowSelfSigned: false });
});

test('OrchestratorClient calls other lambdas, again where that helps, until the deadline', () => {
  const tries = {};
  const played = world(undefined, {}, ({ uuid, payload }) => {
    tries[uuid] = (tries[uuid] ?? 0) + 1;
    if (uuid === 'busy') return tries.busy < 3 ? { statusCode: 429, body: { errorMsg: 'full' } } : { statusCode: 200, body: tries.busy };
    if (uuid === 'broken') return { statusCode: 901, body: { errorCode: 'c', errorMsg: 'mine' } };
    if (uuid === 'gone') return { code: 'ECONNRESET' };
    return { statusCode: 200, body: payload };
  });
  const code = `const client = Toolbelt.OrchestratorClient();
    const shown = (ends) => ends.map(({ uuid, body, statusCode, error }) => [uuid, statusCode, body, error && (error.code || error.message)]);
    const three = [{ uuid: 'busy', retryFunction: undefined }, { uuid: 'broken', payload: 1 }, { uuid: 'echo', payload: { a: 1 }, headers: { 'X-A': 7 } }];
    const all = [];
    all.push(shown(await client.invoke(three, 20000, { timeout: 900 })));
    all.push(shown(await client.invoke(three, 20000, { invokeParallel: true })));
    all.push(shown(await client.invoke(three, 20000, { errorStrategy: ErrorStrategy.ExitOnError })));
    all.push(shown(await client.invoke([{ uuid: 'gone', retries: 1 }])));
    all.push(shown(await client.invoke([{ uuid: 'gone', retries: 5, retryFunction: (end) => end.error.code === 'X' }])));
    all.push(shown(await client.invoke([{ uuid: 'gone', retries: 1000 }], 1000)));
    for (const given of [[[], 25001], [[], 0], [{}], [[], 1, { errorStrategy: 'x' }]]) await client.invoke(...given).catch((error) => all.push(error.message));
    callback(null, all);`;
  const outcome = result(code, played);
  const [busy, broken, echo] = [['busy', 200, 3, null], ['broken', 901, { errorCode: 'c', errorMsg: 'mine' }, 'mine'], ['echo', 200, { a: 1 }, null]];
  assert.deepEqual(outcome[0], [busy, broken, echo]);
  assert.deepEqual(outcome[1], [['busy', 200, 4, null], broken, echo]);
  assert.deepEqual(outcome[2], [['busy', 200, 5, null], broken], 'the rest is not called');
  assert.deepEqual(outcome[3], [['gone', null, null, 'ECONNRESET']]);
  assert.deepEqual(outcome[4], [['gone', null, null, 'ECONNRESET']]);
  assert.equal(outcome[5][0][3], 'ETIMEDOUT', 'the deadline ends the trying');
  assert.deepEqual(outcome.slice(6), [
    'deadline must be between 1 and 25000 milliseconds',
    'deadline must be between 1 and 25000 milliseconds',
    'invocations must be an array',
    'errorStrategy must be one of ContinueOnError, ExitOnError',
  ]);
  assert.equal(tries.broken, 3, 'a failure of the lambda itself is not tried again');
  const called = played.calls.find(({ uuid }) => uuid === 'echo');
  assert.deepEqual([called.headers, called.timeout], [[{ key: 'X-A', value: '7' }], 900]);
});
