// `lp-faas-toolbelt`: its HTTP client, secrets, signed calls and conversations. The world outside is played by the test.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { run } from './host.mjs';

const [REQUEST, READ, , READ_SECRET, UPDATE_SECRET] = [1, 2, 3, 4, 5];
const [JSON_FORM, FAILED, , LAST_BYTES] = [0, 1, 2, 3];

// `answers(request) -> {status, text, headers}`; `secrets` by key. Notes every request.
function world(answers, secrets = {}) {
  const asked = [];
  const bodies = [''];
  const told = (form, value) => ({ form, bytes: JSON.stringify(value) });
  const answer = (kind, head, body) => {
    if (kind === READ) return { form: LAST_BYTES, bytes: bodies[head.body] };
    if (kind === READ_SECRET && head.key in secrets) return told(JSON_FORM, { key: head.key, value: secrets[head.key] });
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
  return { answer, asked, secrets };
}

const environment = { BRAND_ID: '123', LAMBDA_UUID: 'u-1' };
const result = (code, played) => {
  const source = `const { Toolbelt, ErrorCodes, SecretError, LpServices, SDETypes, ConversationContentTypes } = require('lp-faas-toolbelt');
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
