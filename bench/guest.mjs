// Measures what lambdas are promised: work on a megabyte, JSON beside Node, a thaw with everything loaded, calls to the outside.
// Prints one JSON object and a table in Markdown, each figure beside its goal; UPDATE_README=1 writes the table into the README.
//
//   node bench/guest.mjs LAMBKIN
//
// Times are what the real runtime takes, metered, as `lambkin bench` and a client of a server see them: the median of a
// round, of the round that its neighbours disturbed least. Ratios are taken within a round, and the median of them counts.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isUpdating, publish } from '../js-engine/tests/readme.mjs';
import { median } from './median.mjs';
import { requests } from './requests.mjs';

const lambkin = process.argv[2];
if (!lambkin) {
  console.error('usage: node bench/guest.mjs LAMBKIN');
  process.exit(2);
}
// Rounds alternate, so that a busy neighbour meets all of them.
const ROUNDS = 5;
const PER_ROUND = 20;
const THAWS = 5000;
const WAITING = 1000;
const ANSWER_AFTER = 20;
// Longer than anything here takes.
const PATIENCE = 120_000;

const MEGABYTE = {
  sha256: ['SHA-256 of 1 MB', 12],
  'base64 encode': ['base64 of 1 MB, encode', 5],
  'base64 decode': ['base64 of 1 MB, decode', 5],
  'utf-8 encode': ['UTF-8 of 1 MB, encode', 5],
  'utf-8 decode': ['UTF-8 of 1 MB, decode', 5],
  gzip: ['gzip of 1 MB', 40],
};

const work = mkdtempSync(join(tmpdir(), 'lambkin-guest-'));
const file = (name) => new URL(`lambdas/${name}.js`, import.meta.url).pathname;
const script = (name) => new URL(name, import.meta.url).pathname;
const run = (program, args) => execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26, timeout: PATIENCE });

function envelope(name, payload) {
  const path = join(work, `${name.replace(/\W/g, '-')}.json`);
  writeFileSync(path, JSON.stringify({ timestamp: 0, headers: [], payload }));
  return path;
}
const bench = (name, input, n) => JSON.parse(run(lambkin, ['bench', file(name), '--input', input, '-n', String(n), '--json']));

const rows = [];
const figures = {};
function row(what, goal, unit, value, digits = 1) {
  const figure = Number(value.toFixed(digits));
  figures[what] = { figure, goal, unit };
  const shown = (number) => `${number} ${unit}`.trim();
  rows.push(`| ${what} | <= ${shown(goal)} | ${shown(figure)}${figure > goal ? ', not reached' : ''} |`);
  console.error(rows.at(-1));
}

function computing() {
  const times = Object.fromEntries(Object.keys(MEGABYTE).map((name) => [name, []]));
  const json = { echo: [], 'json-transform': [] };
  const orders = join(work, 'orders.json');
  writeFileSync(orders, run(process.execPath, [script('payload.mjs'), 'json-transform']));
  for (let i = 0; i < ROUNDS; i++) {
    for (const name in MEGABYTE) times[name].push(bench('megabyte', envelope(name, name), PER_ROUND).run.p50 / 1000);
    for (const name in json) {
      const here = bench(name, orders, PER_ROUND * 5).run.p50 / 1000;
      const there = JSON.parse(run(process.execPath, [script('node.mjs'), file(name), orders, String(PER_ROUND * 10)])).p50;
      json[name].push(here / there);
    }
  }
  for (const [name, [what, goal]] of Object.entries(MEGABYTE)) row(what, goal, 'ms', Math.min(...times[name]));
  row('100 kB of JSON in and out, beside Node 20', 5, 'x', median(json.echo), 2);
  row('100 kB of JSON taken apart and made anew, beside Node 20', 5, 'x', median(json['json-transform']), 2);
}

function loaded() {
  const input = envelope('hello', { name: 'Ada', padding: 'x'.repeat(960) });
  const all = Array.from({ length: ROUNDS }, () => bench('loaded', input, THAWS));
  const least = (of) => Math.min(...all.map(of));
  row('thaw with everything loaded, p50', 8, 'us', least((one) => one.thaw.p50), 2);
  row('the same, thaw, hello and drop, p50', 45, 'us', least((one) => one.whole.p50), 2);
  row('the same, page faults per call', 0.01, '', median(all.map((one) => one.faultsPerCall)), 4);
}

async function started() {
  const flags = ['--dev', '--listen', '127.0.0.1:0', '--data', join(work, 'data'), '--egress-allow-private', '127.0.0.1,::1'];
  flags.push('--egress-per-second', '1000000', '--limit', 'wall=80000');
  flags.push('--max-concurrency', String(WAITING + 100), '--lambda-concurrency', String(WAITING + 100));
  const env = { ...process.env, LAMBKIN_LOG: 'error' };
  const child = spawn(lambkin, ['serve', ...flags], { stdio: ['ignore', 'pipe', 'inherit'], env });
  for await (const line of createInterface({ input: child.stdout })) {
    const { listening, token } = JSON.parse(line);
    process.env.LAMBKIN_SERVER = listening;
    process.env.LAMBKIN_TOKEN = token;
    return { child, token };
  }
  throw new Error('the server did not start');
}

async function waiting() {
  let held = null;
  let arrived = 0;
  const upstream = createServer((asked, answer) => {
    arrived++;
    if (held) held.push(answer);
    else setTimeout(() => answer.end('{}'), ANSWER_AFTER);
  });
  await new Promise((done) => upstream.listen(0, '127.0.0.1', done));
  const { child, token } = await started();
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const source = join(work, 'calls.js');
  writeFileSync(source, `async function lambda(input, callback) {
    const one = async () => (await fetch('http://localhost:${upstream.address().port}/')).json();
    callback(null, await Promise.all(Array.from({ length: input.payload }, one)));
  }`);
  try {
    run(lambkin, ['whitelist', 'add', 'localhost']);
    const ask = (method, url, body) => new Promise((done, failed) => {
      const options = { method, agent, timeout: PATIENCE };
      options.headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const asked = request(url, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => {
          if (answer.statusCode === 200) done(text);
          else failed(new Error(`${answer.statusCode}: ${text}`));
        });
      });
      asked.on('error', failed).end(body);
    });
    const deployed = (name, path) => JSON.parse(run(lambkin, ['deploy', path, '--name', name, '--json']));
    const { url } = deployed('calls', source);
    const invoke = (address, payload) => ask('POST', address, JSON.stringify({ timestamp: 0, headers: [], payload }));
    const call = (calls) => invoke(url, calls);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const times = [];
      for (let i = 0; i < PER_ROUND; i++) {
        const begun = performance.now();
        await call(3);
        times.push(performance.now() - begun);
      }
      rounds.push(median(times));
    }
    row(`three calls at once, each answered after ${ANSWER_AFTER} ms`, 25, 'ms', Math.min(...rounds));

    const urls = {};
    const { fuel, times } = await requests({
      deploy: (name, text) => {
        const path = join(work, `${name}.js`);
        writeFileSync(path, text);
        const { uuid, url: address } = deployed(name, path);
        urls[uuid] = address;
        return uuid;
      },
      call: (uuid, payload) => invoke(urls[uuid], payload),
      records: async (uuid, limit) => {
        const { origin, pathname } = new URL(urls[uuid]);
        const account = /\/account\/([^/]+)/.exec(pathname)[0];
        return JSON.parse(await ask('GET', `${origin}/api${account}/invocations?lambdaUUID=${uuid}&limit=${limit}`));
      },
      rounds: ROUNDS,
      perRound: PER_ROUND,
    });
    row('GET by request-promise of a small JSON text, time of the guest', 0.5, 'ms', times.later, 2);
    row('the same, the first of an invocation', 0.5, 'ms', times.first, 2);
    row('the same, Wasm instructions', 1.1, 'M', fuel.later / 1e6, 2);

    const status = () => {
      const text = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const number = (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)[1]);
      return { threads: number('Threads'), kibibytes: number('VmRSS') };
    };
    // Threads that resolve names are no lambda's, and there are only as many as names are asked for at once.
    const before = status();
    [held, arrived] = [[], 0];
    const all = Promise.all(Array.from({ length: WAITING }, () => call(1)));
    const end = performance.now() + PATIENCE;
    while (arrived < WAITING && performance.now() < end) await Promise.race([all, new Promise((done) => setTimeout(done, 20))]);
    if (arrived < WAITING) throw new Error(`only ${arrived} of ${WAITING} lambdas wait`);
    const after = status();
    for (const answer of held) answer.end('{}');
    held = null;
    await all;
    row(`${WAITING} lambdas that wait for the network, each`, 2, 'MiB', (after.kibibytes - before.kibibytes) / WAITING / 1024, 3);
    // At most 64 threads resolve names, whoever asks.
    row('the same, threads for all of them', 64, '', after.threads - before.threads, 0);
  } finally {
    child.kill();
    agent.destroy();
    upstream.close();
    upstream.closeAllConnections();
    await new Promise((done) => (child.exitCode === null ? child.on('exit', done) : done()));
  }
}

try {
  computing();
  loaded();
  await waiting();
} finally {
  rmSync(work, { recursive: true, force: true });
}
const table = ['', '| what | goal | figure |', '|---|---:|---:|', ...rows, ''].join('\n');
console.log(JSON.stringify(figures));
console.log(table);
if (isUpdating) publish('guest', `\n${table}`);
