// Requests of request-promise that nobody looks at (node/lib/internal/untoldrequests.js): they are sent, answered and
// looked at later as if all of them had been there from the beginning.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './host.mjs';
import { both as against, world } from './peer.mjs';

// What can be seen of a request: `see`. The first `see` is what makes it whole.
const HELP = `
const rp = require('request-promise-native');
const http = require('http');
const turn = () => new Promise((done) => setImmediate(done));
// Timers that are due let the world outside answer.
const steps = async (count) => { while (count-- > 0) await new Promise((done) => setTimeout(done, 1)); };
const turns = async (count) => { while (count-- > 0) await turn(); };
const see = (r) => ({
  keys: Object.keys(r.method && r).sort(), own: Object.getOwnPropertyNames(r).length, is: [r instanceof rp.Request, Object.getPrototypeOf(r) === rp.Request.prototype,
    r.constructor.name, typeof r.finally],
  method: r.method, headers: Object.keys(r.headers), path: r.uri.path, started: r._started, events: r.eventNames().map(String),
  req: r.req && { path: r.req.path, finished: r.req.finished, header: r.req._header.replace(/[\\w.]+:\\d+/, 'HOST'), socket: typeof r.req.connection },
  response: r.response && { status: r.response.statusCode, message: r.response.statusMessage, body: r.response.body, complete: r.response.complete,
    type: r.response.headers['content-type'], listeners: r.response.eventNames().map(String).sort() },
});
const follow = (r, seen) => {
  for (const name of ['request', 'socket', 'response', 'data', 'end', 'complete', 'close', 'error', 'abort']) r.on(name, () => seen.push(name));
  return r;
};
`;
const both = (...program) => against('an unseen request', HELP, ...program);

both('seen at once, before it is sent, and after its answer', `(async () => {
  const all = [];
  for (const options of [{ json: true }, {}, { json: true, headers: { 'X-One': 'a', Accept: 'text/x' } }, { headers: { cookie: 'a=1' }, json: false, simple: false }]) {
    for (const path of ['/echo?a=1', '/pieces', '/many', '/empty', '/no-json']) {
      const make = () => rp(Object.assign({ uri: base + path }, options));
      const first = make();
      all.push(see(first), await first);
      const last = make();
      const value = await last;
      await turns(6);
      const seen = see(last);
      all.push(value, seen, last.response.body === value, await last === value);
    }
  }
  return JSON.parse(JSON.stringify(all).replace(/127\\.0\\.0\\.1:\\d+|a\\.example:81/g, 'HOST'));
})().then((all) => callback(null, all), callback);`);

both('all that a promise of one can do', `(async () => {
  const get = () => rp({ uri: base + '/echo', json: true });
  const failed = () => rp({ uri: base + '/bad', json: true });
  const path = ({ path }) => path;
  return [await get().then(path), await get().promise().then(path), await Promise.all([get(), get()]).then((both) => both.map(path)), await failed().catch((error) => [error.name, error.statusCode,
    error.options.uri.slice(-4), error.options.json, error.options.simple, Object.keys(error.options).sort(), error.response.body, error.response.request.uri.path]),
    await Promise.race([get()]).then(path), get() instanceof Promise, get().promise() instanceof Promise, typeof get().then, rp.get(base + '/echo') instanceof rp.Request,
    await rp.defaults({ json: true, headers: { a: 'b' } })(base + '/echo'), await rp(base + '/echo', { json: true }), await rp.get({ url: base + '/echo', json: true })];
})().then((all) => callback(null, JSON.parse(JSON.stringify(all).replace(/127\\.0\\.0\\.1:\\d+|a\\.example:81/g, 'HOST'))), callback);`);

both('options that change after the call', `(async () => {
  const options = { uri: base + '/echo?1', json: true, headers: { 'x-one': 'before' } };
  const late = rp(options);
  options.uri = base + '/echo?2'; options.headers['x-one'] = 'after';
  const failing = { uri: base + '/bad', json: true, headers: { 'x-one': 'before' } };
  const failed = rp(failing); failing.headers['x-one'] = 'after';
  const value = await late;
  const { options: told, response } = await failed.catch((error) => error);
  return [value, told.headers === failing.headers, response.request.headers['x-one'], late.headers['x-one']];
})().then((all) => callback(null, all), callback);`);

both('what a lambda puts in the way', `(async () => {
  const seen = [];
  const get = () => rp({ uri: base + '/echo', json: true }).then(({ path }) => path);
  const { request } = http;
  http.request = function (...args) { seen.push('request'); return request.apply(this, args); };
  await get(); http.request = request; await get();
  const { start } = rp.Request.prototype;
  rp.Request.prototype.start = function () { seen.push('start'); return start.call(this); };
  await get(); rp.Request.prototype.start = start;
  const { setHeader } = http.ClientRequest.prototype;
  http.ClientRequest.prototype.setHeader = function (...args) { seen.push(args[0]); return setHeader.apply(this, args); };
  await get(); delete http.ClientRequest.prototype.setHeader;
  class Own extends rp.Request { start() { seen.push('own'); super.start(); } }
  const own = new Own({ uri: base + '/echo', json: true });
  seen.push(own instanceof Own, (await own).path, rp.Request.length, rp.Request.name, rp.Request.prototype.constructor === rp.Request, Object.keys(rp.Request), rp.debug === rp.Request.debug);
  http.globalAgent.maxSockets = 1; await Promise.all([get(), get()]); http.globalAgent.maxSockets = Infinity;
  return seen;
})().then((all) => callback(null, all), callback);`);

// When a request is looked at: after turns of the event loop, which end before the world outside can answer, and then
// after each step in which it answers. The first is at once.
const WHENS = [
  '', ...[1, 2, 3].map((count) => `await turns(${count});`), ...[1, 2, 3, 4, 6].map((count) => `await steps(${count});`),
];
// Each answer takes a millisecond.
const slow = (outside) => {
  const asked = new Set();
  return (kind, head, sent) => {
    const key = JSON.stringify([kind, head]);
    if (asked.delete(key)) return outside.answer(kind, head, sent);
    asked.add(key);
    return undefined;
  };
};
const watched = (path, look, first = '', options = '') => WHENS.map((when) => {
  const outside = world();
  const { result, failure, instance } = run(
    `${HELP}
    function lambda(input, callback) { const base = input.payload; (async () => {
      const seen = [];
      const r = rp({ uri: base + ${JSON.stringify(path)}, json: true, ${options} });
      ${first}
      r.catch(() => {});
      const clock = setInterval(() => {}, 1);
      ${when}
      const told = await (async () => { ${look} })();
      clearInterval(clock);
      return told;
    })().then((all) => callback(null, all), callback); }`, 'http://a.example:81', { answer: slow(outside) });
  assert.equal(failure, undefined, when);
  return { when, result, asked: outside.asked, open: instance.operations.size, cancelled: instance.cancelled.length };
});

for (const path of ['/echo', '/pieces', '/empty', '/many', '/bad', '/away', '/cut']) {
  test(`a request for ${path} is made once and ends the same, whenever it is looked at`, () => {
    const all = watched(path, `follow(r, seen);
      const ended = await r.then((value) => ['kept', value], (error) => ['broken', error.name, error.statusCode, error.message]);
      await turns(8);
      const { own, ...shown } = see(r);
      delete shown.events; if (shown.response) delete shown.response.listeners;
      return [ended, shown];`);
    const [first, ...later] = all;
    assert.equal(first.asked.length, path === '/away' ? 2 : 1);
    for (const one of later) {
      assert.deepEqual(one.result, first.result, one.when);
      assert.deepEqual(one.asked, first.asked, one.when);
      assert.deepEqual([one.open, one.cancelled], [first.open, first.cancelled], one.when);
    }
  });
}

test('what happens after the first look is seen in its order', () => {
  for (const path of ['/pieces', '/away', '/cut']) {
    const look = 'follow(r, seen); await r.catch(() => {}); await turns(8); return seen;';
    const all = watched(path, look);
    // One that was looked at from the beginning, and followed as late.
    assert.deepEqual(all, watched(path, look, 'r.method;'), path);
    assert.ok(new Set(all.map(({ result }) => result.length)).size > 2, `${path} was looked at while it was answered`);
  }
});

test('a body and a query are what they were at the call', () => {
  const options = "method: 'POST', body: sent, qs: query, timeout: 2000";
  const make = 'const sent = { a: [1] }, query = { b: 1 }, fields = { c: "d" };';
  const told = (first, when, uri) => {
    const outside = world();
    const { result, failure } = run(`${HELP} async function lambda(input) { ${make}
      const r = rp({ uri: input.payload + '${uri}', json: true, headers: fields, ${options} }); ${first}
      sent.a.push(2); query.b = 2; fields.c = 'e'; ${when}
      const ended = await r.catch(({ options, statusCode }) => [statusCode, options.body === sent, options.qs === query, options.headers === fields, Object.keys(options).sort()]);
      await turns(6); r.catch(() => {});
      return [ended, r.body, r.uri.query, r.headers, r._rp_options.body === sent, r.response.body === ended];
    }`, 'http://a.example:81', { answer: outside.answer });
    assert.equal(failure, undefined);
    return [result, outside.asked];
  };
  for (const uri of ['/echo', '/bad', '/no-json']) {
    const seen = told('r.method;', '', uri);
    for (const when of ['', 'r.method;', 'await turns(1); r.method;', 'await turns(2); r.method;', 'await steps(1); r.method;', 'await steps(3); r.method;']) assert.deepEqual(told('', when, uri), seen, uri + when);
  }
});

test('a time limit is one between two signs of life, whenever the request is looked at', () => {
  const look = "follow(r, seen); const ended = await r.catch((error) => [error.name, error.message, error.cause && error.cause.code, error.cause && error.cause.connect]); seen.push('at ' + (Date.now() - begun)); await turns(8); return [ended, seen];";
  const begin = 'const begun = Date.now();';
  for (const path of ['/silent', '/pieces', '/away']) {
    const all = watched(path, look, begin, 'timeout: 100');
    assert.deepEqual(all, watched(path, look, begin + 'r.method;', 'timeout: 100'), path);
    if (path === '/silent') assert.deepEqual(all[0].result[0].slice(1), ['Error: ESOCKETTIMEDOUT', 'ESOCKETTIMEDOUT', false]);
    assert.ok(all.every(({ open }) => open === 0));
  }
});

// Programs that do something else with requests than to wait for them.
const USES = {
  'writes it into the log': 'console.log(make()); console.info("x", make()); await make();',
  'inspects it': 'const { inspect, format } = require("util"); return [inspect(make(), { depth: 0 }).length > 500, format("%s %j", make(), make())];',
  'returns it': 'return make();',
  'writes it as JSON': 'return [JSON.stringify({ r: make() }), JSON.stringify([make()])];',
  'makes a text of it': 'return [String(make()), make() + "", Object.prototype.toString.call(make())];',
  'takes it apart': 'const { method, headers, ...rest } = make(); return [method, headers, Object.keys(rest).sort()];',
  'asks what it has': 'return ["method" in make(), "nothing" in make(), make().hasOwnProperty("uri"), make() instanceof require("stream"), make() instanceof require("events")];',
  'goes over it': 'const names = []; for (const name in make()) names.push(name); return names.includes("then");',
  'sets something': 'const r = make(); r.extra = 5; return [(await r).path, r.extra];',
  'pipes it': `const { PassThrough } = require("stream"); let text = ""; const all = make().pipe(new PassThrough()).on("data", (d) => (text += d));
    await new Promise((done) => all.on("end", done)); return text;`,
  'adds to it': 'const r = rp({ method: "POST", uri: base + "/echo", json: true }); r.form({ a: 1 }); return [(await make().auth("a", "b")).headers, await r];',
  'forgets it': 'rp({ uri: base + "/bad", json: true }); await turns(3); await steps(9);',
};
for (const [what, program] of Object.entries(USES)) {
  test(`nothing tells an unseen request from one that was seen when a lambda ${what}`, () => {
    const tell = (look) => {
      const source = `${HELP} async function lambda(input) { const base = input.payload; const make = () => { const r = rp({ uri: base + '/echo', json: true }); ${look} return r; }; ${program}; }`;
      const { result, failure, logs } = run(source, 'http://a.example:81', { answer: world().answer });
      return { result, failure, logs };
    };
    assert.deepEqual(tell(''), tell('r.method;'));
  });
}

test('an abort gives up what is under way', () => {
  const source = (wait) => `${HELP}
    function lambda(input, callback) { (async () => {
      const seen = [];
      const r = rp({ uri: input.payload + '/silent', json: true });
      await ${wait};
      setTimeout(() => callback(null, seen), 50);
      follow(r, seen).abort();
    })(); }`;
  for (const wait of ['0', 'turns(1)', 'turns(2)', 'turns(3)', 'steps(2)']) {
    const { result, instance } = run(source(wait), 'http://a.example:81', { answer: world().answer });
    assert.deepEqual(result.filter((name) => name === 'abort' || name === 'error'), ['abort'], wait);
    assert.equal(instance.operations.size, 0, wait);
  }
});

test('it is kept at the same turn of the event loop, and two in the order of their answers', () => {
  const order = (look) => run(`${HELP}
    function lambda(input, callback) { (async () => {
      const seen = [];
      let count = 0;
      const more = () => { seen.push('turn'); process.nextTick(() => seen.push('tick')); if (++count < 14) setImmediate(more); else callback(null, seen); };
      for (const path of ['/echo', '/pieces', '/empty']) {
        const r = rp({ uri: input.payload + path, json: true });
        ${look}
        r.then(() => seen.push(path));
      }
      setImmediate(more);
    })(); }`, 'http://a.example:81', { answer: world().answer }).result;
  assert.deepEqual(order(''), order('r.method;'));
});

test('a host that is not there, and too many calls at once', () => {
  const tell = (look, make) => {
    const { result, failure } = run(`${HELP}
      function lambda(input, callback) { const r = rp(${make}); ${look} r.catch((error) => callback(null, [error.name, error.message, error.cause && error.cause.code, error.options.uri])); }`,
      '', { answer: world().answer });
    assert.equal(failure, undefined);
    return result;
  };
  const refused = "{ uri: 'http://a.example:1/', json: true }";
  assert.deepEqual(tell('', refused), tell('r.method;', refused));
  assert.deepEqual(tell('', refused).slice(0, 3), ['RequestError', 'Error: connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED']);
  const without = (look) => run(`${HELP} function lambda(input, callback) { const r = rp(${refused}); ${look} r.catch((error) => callback(null, [error.name, error.message])); }`, '').result;
  assert.deepEqual(without(''), without('r.method;'));
});

test('the head is that of the packages, for options of every kind', () => {
  const heads = (look) => {
    const outside = world();
    const sent = [];
    const answer = (kind, head, body) => {
      sent.push([kind, head, body]);
      return outside.answer(kind, head, body);
    };
    const { failure } = run(`${HELP}
      async function lambda(input) {
        const hosts = ['http://a.example', 'https://a.example', 'http://127.0.0.1:8080', 'https://a-b.c.example:0443', 'http://A.Example', 'http://unix', 'http://user:pw@a.example', 'http://[::1]:81'];
        const paths = ['', '/', '/echo?x=1&y=%20', '?q', '/a b', '/a#b', "/it's"];
        const more = [{}, { json: true }, { json: false }, { json: undefined, headers: undefined }, { headers: {} }, { headers: { A: 'b', 'x-Y-z': 'c d' } }, { headers: { accept: 'x/y' }, json: true },
          { headers: { ACCEPT: 'x' } }, { headers: { Host: 'other' } }, { headers: { connection: 'keep-alive' } }, { headers: { 'Content-Type': 'a/b', authorization: 'x' } }, { headers: { number: 1 } },
          { headers: { gone: undefined } }, { headers: { list: ['a', 'b'] } }, { headers: { a: '1', A: '2' } }, { headers: { padded: ' x ' } }, { headers: { 'x-ü': 'a' } }, { headers: { x: 'ü' } },
          { method: 'GET' }, { method: 'get' }, { method: 'HEAD' }, { method: 'DELETE' }, { gzip: true }, { qs: { a: 1 } }, { timeout: 1000 }, { body: 'x' }, { form: { a: 1 } }, { json: { a: 1 } },
          { auth: { user: 'a', pass: 'b' } }, { simple: false }, { followRedirect: false }, { maxRedirects: 1 }, { encoding: null }, { forever: true }, { proxy: null }, { url: 'http://b.example' },
          { method: 'POST' }, { method: 'PUT', json: true }, ...['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'post', 'HEAD'].flatMap((method) => [
            { method, json: true, body: { a: [1, 'ü', null], b: { c: true } } }, { method, json: { a: 'b' } }, { method, body: 'täxt' }, { method, json: true, headers: { 'content-type': 'x/y' }, body: 'text' },
            { method, json: true, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: { a: 1 } }, { method, body: '' }, { method, json: true, body: null }, { method, json: true, body: 0 }]),
          { method: 'POST', json: { a: 1 }, body: 'b' }, { method: 'POST', json: [1] }, { method: 'POST', json: true, body: [1, 2] }, { method: 'POST', body: Buffer.from('bytes') }, { method: 'POST', body: ['a', 'b'] },
          { method: 'POST', json: true, body: { toJSON: () => 'told' } }, { method: 'POST', json: true, body: new Date(0) }, { method: 'POST', json: { toJSON: () => true } }, { method: 'POST', json: true, body: undefined },
          ...[{}, { a: '' }, { a: 1, 2: 'b', 1: true }, { 'a b': "!'()*-._~", 'ä&=': '/?#%+ ü€😀' }, { a: ['x', 'y'] }, { a: { b: 1 } }, { a: null }, { a: undefined }, { a: '\ud800' }, { a: 1e21, b: -0.5, c: NaN }, 'a=b', null,
            { 'a[b]': 'c' }, { __proto__: { inherited: 1 }, own: 2 }].map((qs) => ({ qs, json: true })), { uri: 'http://a.example/echo?old=1', qs: { a: 1 } }, { uri: 'http://a.example', qs: { a: 1 } }, { timeout: 5 },
          { timeout: -1 }, { timeout: '200' }, { timeout: 200.5 }, { timeout: Infinity }, { useQuerystring: true, qs: { a: 'b' } }, { resolveWithFullResponse: true }, { transform: (x) => x }, { agent: false }, { pool: {} }, { jar: true }, { baseUrl: 'x' }, { rejectUnauthorized: false }, { time: true }];
        const each = async (options) => { try { const r = rp(options); ${look} await r; } catch (error) {} };
        for (const host of hosts) for (const path of paths) await each({ uri: host + path, json: true });
        for (const one of more) await each(Object.assign({ uri: 'http://a.example/echo' }, one));
        process.env.HTTP_PROXY = 'http://proxy.example:1'; await each({ uri: 'http://a.example/echo', json: true }); delete process.env.HTTP_PROXY; return 1;
      }`, '', { answer });
    assert.equal(failure, undefined);
    return sent;
  };
  const seen = heads('r.method;');
  assert.ok(seen.length > 80, `${seen.length} requests`);
  assert.deepEqual(heads(''), seen);
});
