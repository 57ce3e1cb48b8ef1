// A peer for clients of both kinds: what a lambda does with a server is done by real Node 10 with one, and by the engine
// with a world that gives the same answers; both must see the same. `route` is that server; it runs on both sides.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { run } from './host.mjs';
import { NODE10, TOOLS } from './tools.mjs';

const [REQUEST, READ] = [1, 2];
const [JSON_FORM, FAILED, BYTES, LAST_BYTES] = [0, 1, 2, 3];

// Of a request: what the server answers. `cut` closes the connection before the end; no answer at all is `undefined`.
function route(method, path, headers, body) {
  if (path === '/silent') return undefined;
  if (path === '/pieces') return { status: 200, statusText: 'Fine', headers: [['Content-Type', 'text/plain']], body: ['one ', 'two ', 'three'] };
  if (path === '/empty') return { status: 204, statusText: 'No Content', headers: [], body: [] };
  if (path === '/away') return { status: 302, statusText: 'Found', headers: [['Location', '/echo'], ['Content-Length', '4']], body: ['away'] };
  if (path === '/cut') return { status: 200, statusText: 'OK', headers: [['Content-Length', '100']], body: ['begun'], cut: true };
  if (path === '/many') {
    return { status: 200, statusText: 'OK', headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2'], ['x-many', '1'], ['x-many', '2'], ['etag', 'first'], ['etag', 'second'], ['content-length', '0']], body: [] };
  }
  if (path === '/bad') return { status: 404, statusText: 'Not Found', headers: [['Content-Type', 'application/json']], body: ['{"error":"no such thing"}'] };
  if (path === '/no-json') return { status: 200, statusText: 'OK', headers: [['Content-Type', 'application/json']], body: ['{"half":'] };
  if (path === '/binary') return { status: 200, statusText: 'OK', headers: [], body: ['a\u0001b'] };
  if (path === '/in-circles') return { status: 302, statusText: 'Found', headers: [['Location', '/in-circles']], body: [] };
  if (path === '/see-other') return { status: 303, statusText: 'See Other', headers: [['Location', '/echo?seen']], body: [] };
  if (path === '/again') return { status: 307, statusText: 'Temporary Redirect', headers: [['Location', '/echo?again']], body: [] };
  if (path === '/cookies') return { status: 302, statusText: 'Found', headers: [['Set-Cookie', 'one=1; Path=/'], ['Set-Cookie', 'two=2; Path=/'], ['Location', '/echo']], body: [] };
  if (path === '/login' && !headers.some(([name]) => name.toLowerCase() === 'authorization')) {
    return { status: 401, statusText: 'Unauthorized', headers: [['WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth"']], body: [] };
  }
  const kept = {};
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    // These are the connection's, which is the host's here.
    if (!['host', 'connection', 'content-length', 'transfer-encoding'].includes(lower)) kept[lower] = value;
  }
  return { status: 200, statusText: 'OK', headers: [['Content-Type', 'application/json']], body: [JSON.stringify({ method, path, headers: kept, body })] };
}

// Node's side: a server around `route`, the program beside it.
const HARNESS = `const { createServer } = require('http');
${route}
const server = createServer((req, res) => {
  const parts = [];
  req.on('data', (part) => parts.push(part)).on('end', () => {
    const headers = [];
    for (let i = 0; i < req.rawHeaders.length; i += 2) headers.push([req.rawHeaders[i], req.rawHeaders[i + 1]]);
    const answer = route(req.method, req.url, headers, Buffer.concat(parts).toString());
    if (answer === undefined) return;
    res.sendDate = false;
    const flat = {};
    for (const [name, value] of answer.headers) {
      if (flat[name] === undefined) flat[name] = value;
      else flat[name] = [].concat(flat[name], value);
    }
    res.writeHead(answer.status, answer.statusText, flat);
    const next = () => {
      if (answer.body.length === 0) return answer.cut ? res.socket.destroy() : res.end();
      if (req.method !== 'HEAD') res.write(answer.body.shift());
      else answer.body.shift();
      setTimeout(next, 3);
    };
    next();
  });
});
let source = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => (source += chunk)).on('end', () => server.listen(0, '127.0.0.1', () => {
  const module = { exports: {} };
  const lambda = new Function('require', 'module', 'exports', source + '\\n;return lambda;')(require, module, module.exports);
  const end = (error, result) => {
    const text = JSON.stringify(error ? { failed: String(error && error.stack) } : result) || '';
    // Lone surrogates would not survive the pipe.
    process.stdout.write(text.replace(/[\\ud800-\\udfff]/g, (unit) => '\\\\u' + unit.charCodeAt(0).toString(16)), () => process.exit());
  };
  const later = lambda({ payload: 'http://127.0.0.1:' + server.address().port }, end);
  if (later && typeof later.then === 'function' && lambda.length < 2) later.then((result) => end(null, result), (error) => end(error || new Error('rejected')));
}));`;

// What a lambda of one file answers in a real Node, Node 10 or `node`, with the server as its payload. Its `require` knows
// core modules, and with `packages` those that come with the platform.
export function inNode(source, { node = NODE10, packages = false } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd: packages ? TOOLS : '/', timeout: 60_000, maxBuffer: 1 << 26 };
    const child = execFile(node, ['--no-warnings', '-e', HARNESS], options, (error, answer, told) => {
      if (error) reject(new Error(`${node}: ${error.message.split('\n')[0].slice(0, 200)} ${told}`));
      else resolve(answer === '' ? undefined : JSON.parse(answer));
    });
    child.stdin.on('error', () => {}); // it has ended, and says why
    child.stdin.end(source);
  });
}

// The engine's side: the world outside gives what `route` says.
export function world() {
  const bodies = new Map();
  const asked = [];
  const answer = (kind, head, sent) => {
    if (kind === REQUEST) {
      asked.push(head);
      const { port, pathname, search } = new URL(head.url);
      if (port === '1') return { form: FAILED, bytes: '{"code":"ECONNREFUSED","message":"connect ECONNREFUSED 127.0.0.1:1","syscall":"connect"}' };
      const given = route(head.method, pathname + search, head.headers, sent);
      if (given === undefined) return undefined;
      const hasBody = head.method !== 'HEAD' && (given.body.length > 0 || given.cut);
      if (hasBody) bodies.set(bodies.size + 1, given);
      const headers = given.headers.map(([name, value]) => [name.toLowerCase(), value]);
      const told = { status: given.status, statusText: given.statusText, httpVersion: '1.1', headers, url: head.url, redirected: false, body: hasBody ? bodies.size : 0 };
      return { form: JSON_FORM, bytes: JSON.stringify(told) };
    }
    if (kind !== READ) return { form: JSON_FORM, bytes: 'null' };
    const given = bodies.get(head.body);
    if (given.body.length === 0) return { form: FAILED, bytes: '{"code":"ECONNRESET","message":"socket hang up"}' };
    const bytes = given.body.shift();
    return { form: given.body.length === 0 && !given.cut ? LAST_BYTES : BYTES, bytes };
  };
  return { answer, asked };
}

// A program is a lambda's body, which asks `base`; `help` stands in front of the lambda.
export function both(what, help, name, program, inspect = () => {}) {
  test(`${what} as in Node 10: ${name}`, () => {
    const source = `${help}\nfunction lambda(input, callback) { const base = input.payload; ${program}\n}`;
    const options = { cwd: TOOLS, input: source, timeout: 30_000 };
    const expected = JSON.parse(execFileSync(NODE10, ['--no-warnings', '-e', HARNESS], options));
    const outside = world();
    const outcome = run(source, 'http://a.example:81', { answer: outside.answer });
    assert.deepEqual(outcome.failure, undefined);
    assert.deepEqual(outcome.result, expected);
    inspect(outside.asked, expected);
  });
}
