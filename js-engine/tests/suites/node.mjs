// Node's own tests, in the engine: `make test-node NODE_TESTS=<a checkout of node-chakracore-v10.13.0>`. Of each group every file that the
// real Node 10.24.1 passes is run in a lambda (judge.mjs); what does not pass there must be in node.json, by file and with
// the reason: "absent" for what a lambda cannot have, "differs" for the rest. The run fails on a file that fails and is not there,
// and on one that is there and passes. UPDATE_README=1 writes the counts into the README, where they may only rise.
//
// Arguments name single files, or groups: then nothing is counted. The tests themselves are Node's and are not in this repository.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { isUpdating, publish, published } from '../readme.mjs';
import { DEEP, NODE10 } from '../tools.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const SKIPPED = /^1\.\.0 # Skipped: (.*)$/m;
const GROUPS = {
  assert: 'assert', buffer: 'buffer', console: 'console', crypto: 'crypto', events: 'event|events', microtask: 'microtask',
  'next-tick': 'next-tick', path: 'path', promise: 'promise|promises', punycode: 'punycode', querystring: 'querystring',
  stream: 'stream|stream2|stream3|readable', 'string-decoder': 'string-decoder', timers: 'timers', url: 'url', util: 'util',
  'whatwg-encoding': 'whatwg-encoding', 'whatwg-url': 'whatwg-url', zlib: 'zlib',
};

// In a worker, because Node's own stack is too small for what the engine allows.
if (!isMainThread) {
  const { judge } = await import('./judge.mjs');
  parentPort.on('message', async ({ name, flags }) => {
    const { why, stack } = await judge(workerData, `test/parallel/${name}`, { flags });
    parentPort.postMessage({ why, stack });
  });
}

function groupOf(name) {
  return Object.keys(GROUPS).find((group) => new RegExp(`^test-(${GROUPS[group]})[-.].*js$`).test(name));
}

const flagsOf = (text) => /^\/\/ Flags: (.*)$/m.exec(text)?.[1].trim().split(/\s+/) ?? [];

// What the real Node 10.24.1 says of each file; kept under target/, because it does not change.
async function oracle(folder, texts) {
  const path = here('../../../target/node-tests.json');
  const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const keys = new Map([...texts].map(([name, text]) => [name, createHash('sha256').update(name).update(text).digest('hex')]));
  const open = [...texts.keys()].filter((name) => known[keys.get(name)] === undefined);
  const work = async () => {
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const args = [...flagsOf(texts.get(name)), join(folder, 'test/parallel', name)];
      known[keys.get(name)] = await new Promise((done) => {
        execFile(NODE10, args, { cwd: folder, timeout: 60_000, maxBuffer: 1 << 26 }, (error, stdout) => {
          done(error ? 'fails' : (SKIPPED.exec(stdout)?.[0] ?? 'passes'));
        });
      });
    }
  };
  await Promise.all(cpus().map(work));
  mkdirSync(here('../../../target'), { recursive: true });
  writeFileSync(path, JSON.stringify(known));
  return (name) => known[keys.get(name)];
}

function table(counts) {
  const lines = ['| group | pass | of | not in a lambda |', '|---|---:|---:|---:|'];
  const all = { passed: 0, applicable: 0, absent: 0 };
  for (const [group, count] of Object.entries(counts)) {
    lines.push(`| ${group} | ${count.passed} | ${count.applicable} | ${count.absent} |`);
    for (const key in all) all[key] += count[key];
  }
  lines.push(`| all | ${all.passed} | ${all.applicable} | ${all.absent} |`);
  return lines.join('\n');
}

// Group -> how many pass, as the README says.
function passing() {
  return Object.fromEntries([...published('node-tests').matchAll(/^\| ([\w-]+) \| (\d+) \|/gm)].map(([, group, passed]) => [group, Number(passed)]));
}

async function main() {
  const folder = process.env.NODE_TESTS ?? '';
  const parallel = join(folder, 'test/parallel');
  if (folder === '' || !existsSync(parallel)) {
    console.error(`error: ${folder === '' ? 'NODE_TESTS is not set' : `${folder} has no test/parallel`}`);
    console.error('hint: get the tag node-chakracore-v10.13.0 of github.com/nodejs/node-chakracore, which has the tests of Node v10.13.0 (its folder test/ is enough), and say where it is: make test-node NODE_TESTS=<folder>');
    return 1;
  }
  const { fingerprint, absent, differs } = JSON.parse(readFileSync(here('node.json'), 'utf8'));
  const texts = new Map();
  for (const name of readdirSync(parallel).sort()) if (groupOf(name)) texts.set(name, readFileSync(join(parallel, name), 'utf8'));
  const hash = createHash('sha256').update(JSON.stringify([...texts])).digest('hex');
  if (hash !== fingerprint) {
    console.error(`error: the tests in ${parallel} are not those of the tag node-chakracore-v10.13.0 (their hash is ${hash})`);
    return 1;
  }
  const known = new Map();
  for (const [kind, reasons] of Object.entries({ absent, differs })) {
    for (const [reason, names] of Object.entries(reasons)) for (const name of names) known.set(name, { kind, reason });
  }

  const only = process.argv.slice(2);
  const isWanted = (name) => only.length === 0 || only.includes(name) || only.includes(groupOf(name));
  const verdict = await oracle(folder, texts);
  const chosen = [...texts.keys()].filter((name) => verdict(name) === 'passes' && isWanted(name));

  const worker = new Worker(new URL(import.meta.url), { workerData: folder, resourceLimits: DEEP });
  const counts = {};
  const wrong = [];
  for (const name of chosen) {
    worker.postMessage({ name, flags: flagsOf(texts.get(name)) });
    const [{ why, stack }] = await once(worker, 'message');
    const count = (counts[groupOf(name)] ??= { passed: 0, applicable: 0, absent: 0 });
    const expected = known.get(name);
    if (expected?.kind === 'absent') count.absent++;
    else count.applicable++;
    if (why === undefined && expected?.kind !== 'absent') count.passed++;
    if (why === undefined && expected !== undefined) wrong.push(`${name} passes, but node.json says: ${expected.reason}`);
    if (why !== undefined && expected === undefined) wrong.push(`${name} fails: ${why}`);
    if (only.length > 0) console.log(`${why === undefined ? 'ok    ' : 'not ok'} ${name}${why === undefined ? '' : `: ${why}\n${stack ?? ''}`}`);
  }
  await worker.terminate();
  for (const name of known.keys()) if (verdict(name) !== 'passes') wrong.push(`${name} is in node.json, but Node 10.24.1 does not pass it`);

  console.log(table(counts));
  for (const line of wrong) console.log(line);
  if (only.length > 0) return wrong.length === 0 ? 0 : 1;
  const before = passing();
  for (const [group, { passed }] of Object.entries(counts)) {
    if (passed < (before[group] ?? 0)) wrong.push(`${group}: ${passed} pass; the README says ${before[group]}`);
  }
  if (wrong.length === 0 && isUpdating) publish('node-tests', `\n${table(counts)}\n`);
  console.log(wrong.length === 0 ? `${chosen.length} files as expected` : `${wrong.length} not as expected`);
  return wrong.length === 0 ? 0 : 1;
}

if (isMainThread) process.exitCode = await main();
