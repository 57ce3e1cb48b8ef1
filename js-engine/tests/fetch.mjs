// Operations and what is built on them: fetch, its classes, events and aborting. The world outside is played by the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeze, run } from './host.mjs';

const [REQUEST, READ, DISCARD] = [1, 2, 3];
const [JSON_FORM, FAILED, BYTES, LAST_BYTES] = [0, 1, 2, 3];

// Answers every request with `text` (in pieces) and notes what was asked.
function world(text = 'hello', { pieces = 1, status = 200, headers = [['content-type', 'text/plain']] } = {}) {
  const asked = [];
  const bodies = new Map();
  const answer = (kind, head, body) => {
    asked.push({ kind, ...head, ...(body === '' ? {} : { sent: body }) });
    if (kind === REQUEST) {
      const id = bodies.size + 1;
      bodies.set(id, text);
      const answered = { status, statusText: 'OK', httpVersion: '1.1', headers, url: head.url, redirected: false, body: id };
      return { form: JSON_FORM, bytes: JSON.stringify(answered) };
    }
    if (kind === DISCARD) return { form: JSON_FORM, bytes: 'null' };
    const rest = bodies.get(head.body);
    const piece = head.atLeast > 1 ? rest : rest.slice(0, Math.ceil(text.length / pieces));
    bodies.set(head.body, rest.slice(piece.length));
    return { form: piece === rest ? LAST_BYTES : BYTES, bytes: piece };
  };
  return { answer, asked };
}

const body = (code) => `async function lambda(input, callback) { ${code} }`;
const result = (code, options) => {
  const outcome = run(body(code), {}, options);
  assert.equal(outcome.status, 'done', JSON.stringify(outcome.failure));
  return outcome.result;
};

test('fetch: what is sent and what comes back', () => {
  const { answer, asked } = world('{"a":1}', { headers: [['Content-Type', 'application/json'], ['x', '1'], ['x', '2']] });
  const code = `const r = await fetch('https://a.example/x', { method: 'post', headers: { 'X-Y': ' z ' }, body: 'ü' });
    callback(null, [r.status, r.ok, r.url, r.redirected, r.type, r.headers.get('X'), [...r.headers], r.bodyUsed, await r.json(), r.bodyUsed]);`;
  const headers = [['content-type', 'application/json'], ['x', '1, 2']];
  assert.deepEqual(result(code, { answer }), [200, true, 'https://a.example/x', false, 'basic', '1, 2', headers, false, { a: 1 }, true]);
  const [request] = asked;
  assert.equal(request.method, 'POST');
  assert.equal(request.sent, 'ü');
  assert.deepEqual(request.headers, [['x-y', 'z'], ['content-type', 'text/plain;charset=UTF-8'], ['accept', '*/*'], ['user-agent', 'lambkin']]);
  assert.deepEqual([request.redirect, request.decode], ['follow', true]);
});

test('fetch: many at once, answered in one turn', () => {
  const { answer, asked } = world();
  const code = `const all = await Promise.all(Array.from({ length: 20 }, (_, i) => fetch('http://a.example/' + i).then((r) => r.text())));
    callback(null, all.join());`;
  const outcome = run(body(code), {}, { answer });
  assert.equal(outcome.result, Array(20).fill('hello').join());
  assert.equal(asked.length, 40);
  assert.ok(outcome.waits.length <= 4, `${outcome.waits.length} waits`);
});

test('fetch: a body in pieces', () => {
  const { answer } = world('abcdef', { pieces: 3 });
  assert.deepEqual(result(`const r = await fetch('http://a.example'); const pieces = [];
    for await (const piece of r.body) pieces.push(new TextDecoder().decode(piece)); callback(null, pieces);`, { answer }), ['ab', 'cd', 'ef']);
  const reader = `const r = await fetch('http://a.example'); const reader = r.body.getReader(); const first = await reader.read();
    await reader.cancel(); callback(null, [first.value.length, first.done, (await reader.read()).done, r.body.locked]);`;
  assert.deepEqual(result(reader, { answer: world('abcdef', { pieces: 3 }).answer }), [2, false, true, true]);
});

test('fetch: failures', () => {
  const answer = () => ({ form: FAILED, bytes: '{"code":"ENOTFOUND","message":"getaddrinfo ENOTFOUND a.example","syscall":"getaddrinfo"}' });
  const code = `try { await fetch('http://a.example'); } catch (e) { callback(null, [e.name, e.message, e.cause.code, e.cause.message, e.cause.syscall]); }`;
  assert.deepEqual(result(code, { answer }), ['TypeError', 'fetch failed', 'ENOTFOUND', 'getaddrinfo ENOTFOUND a.example', 'getaddrinfo']);
  const without = `try { await fetch('http://a.example'); } catch (e) { callback(null, e.cause.message); }`;
  assert.match(result(without), /without a network/);
  for (const bad of ["{ method: 'TRACE' }", "{ method: 'a b' }", "{ headers: { 'a b': '' } }", "{ headers: { a: 'x\\ny' } }", "{ body: 'x' }", "{ redirect: 'x' }", '{ signal: {} }']) {
    assert.equal(result(`try { await fetch('http://a.example', ${bad}); } catch (e) { callback(null, e.name); }`, world()), 'TypeError', bad);
  }
});

test('fetch: aborting, before, during and by time', () => {
  const silent = { answer: () => undefined };
  const during = `const c = new AbortController(); setTimeout(() => c.abort(), 5);
    try { await fetch('http://a.example', { signal: c.signal }); } catch (e) { callback(null, [e.name, e === c.signal.reason]); }`;
  const outcome = run(body(during), {}, silent);
  assert.deepEqual(outcome.result, ['AbortError', true]);
  assert.deepEqual(outcome.instance.cancelled, [1]);
  const before = `try { await fetch('http://a.example', { signal: AbortSignal.abort('why') }); } catch (e) { callback(null, e); }`;
  assert.equal(result(before, silent), 'why');
  const late = `try { await fetch('http://a.example', { signal: AbortSignal.any([AbortSignal.timeout(9)]) }); } catch (e) { callback(null, e.name); }`;
  assert.equal(result(`setTimeout(() => {}, 50); ${late}`, silent), 'TimeoutError');
});

test('an operation does not starve, nor does what runs beside it', () => {
  const { answer } = world();
  const code = `let turns = 0; let done = false; const spin = () => { turns++; if (!done) setImmediate(spin); }; spin();
    const text = await (await fetch('http://a.example')).text(); done = true; callback(null, [text, turns > 10]);`;
  assert.deepEqual(result(code, { answer }), ['hello', true]);
});

test('a lambda that waits for nothing but an operation is not over, and goes on after its reply', () => {
  const { answer } = world();
  const outcome = run(body(`callback(null, 'early'); const r = await fetch('http://a.example'); console.info(await r.text());`), {}, { answer });
  assert.equal(outcome.result, 'early');
  assert.equal(outcome.more, true);
  assert.deepEqual(outcome.logs.map((entry) => entry.message), ['hello']);
});

test('the network at the top level is a build error, whatever the lambda makes of it', () => {
  for (const source of ["fetch('http://a.example').catch(() => {});", "const p = fetch('http://a.example');", "(async () => { try { await fetch('http://a.example'); } catch {} })();"]) {
    const refused = freeze(`${source}\nfunction lambda(input, callback) { callback(); }`);
    assert.equal(refused.status, 'refused');
    assert.match(refused.message, /network or a secret was used at the top level.*move the call into the lambda/);
  }
});

test('Headers, Request, Response, Blob, FormData', () => {
  const code = `const h = new Headers([['B', '1'], ['a', '2'], ['b', '3'], ['set-cookie', 'x'], ['set-cookie', 'y']]);
    h.append('C', '4'); h.set('a', '5'); h.delete('c');
    const request = new Request('http://a.example/', { method: 'put', body: new Blob(['a', new Uint8Array([98])], { type: 'text/X' }) });
    const form = new FormData(); form.append('n', 'v'); form.append('f', new File(['data'], 'f.txt', { type: 'text/plain' }));
    const sent = await new Response(form).text();
    const json = Response.json({ a: 1 }, { status: 201 });
    callback(null, [[...h], h.getSetCookie(), h.has('C'), request.method, await request.clone().text(), request.headers.get('content-type'),
      sent.replace(/----lambkin[0-9]+/g, 'B'), json.status, json.headers.get('content-type'), await json.text(),
      await new Blob(['abcdef']).slice(1, -2).text(), form.get('f').name, [...form.keys()], new Response().body]);`;
  const multipart = '--B\r\nContent-Disposition: form-data; name="n"\r\n\r\nv\r\n--B\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\nContent-Type: text/plain\r\n\r\ndata\r\n--B--\r\n';
  assert.deepEqual(result(code), [
    [['a', '5'], ['b', '1, 3'], ['set-cookie', 'x'], ['set-cookie', 'y']], ['x', 'y'], false, 'PUT', 'ab', 'text/x', multipart,
    201, 'application/json', '{"a":1}', 'bcd', 'f.txt', ['n', 'f'], null,
  ]);
});

test('Event and EventTarget', () => {
  const code = `const t = new EventTarget(); const seen = [];
    const twice = () => seen.push('twice'); t.addEventListener('x', twice); t.addEventListener('x', twice);
    t.addEventListener('x', { handleEvent(e) { seen.push(e.type, e.target === t); } }, { once: true });
    t.addEventListener('x', (e) => e.preventDefault());
    const c = new AbortController(); t.addEventListener('x', () => seen.push('gone'), { signal: c.signal }); c.abort();
    const first = t.dispatchEvent(new Event('x', { cancelable: true })); t.removeEventListener('x', twice); t.dispatchEvent(new Event('x'));
    let aborted = 0; const d = new AbortController(); d.signal.onabort = () => aborted++; d.signal.addEventListener('abort', () => aborted++); d.abort(); d.abort();
    callback(null, [seen, first, aborted, d.signal.aborted, String(t)]);`;
  assert.deepEqual(result(code), [['twice', 'x', true], false, 2, true, '[object EventTarget]']);
});

test('a lambda that redefines what the platform stands on harms only itself', () => {
  const { answer } = world();
  const code = `Promise.prototype.then = () => { throw 1; }; Map.prototype.get = () => { throw 2; }; JSON.stringify = () => { throw 3; };
    Array.prototype[Symbol.iterator] = () => { throw 4; }; Reflect.apply = () => { throw 5; }; String.prototype.slice = () => { throw 6; };
    const r = await fetch('http://a.example'); callback(null, await r.text());`;
  assert.equal(result(code, { answer }), 'hello');
});
