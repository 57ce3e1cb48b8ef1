// Web-platform-tests in the engine: `make test-wpt WPT=<checkout>`. Every file of the groups in expectations.json that needs no browser is run
// in a lambda of its own (stage.js) under the suite's own harness. For each file of which subtests fail expectations.json has a reason, how many fail,
// and a hash of their names: the run fails when another one does, and when one of them passes. UPDATE_README=1 writes the counts, which may only rise, into the README.
// Arguments are beginnings of paths: then nothing is counted. The tests are not part of this repository.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join, posix } from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { isUpdating, publish, published } from '../readme.mjs';
import { DEEP } from '../tools.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const ROUNDS = 10;
const INTERRUPT_AFTER = 40_000; // looks of the interpreter at the clock: some tens of seconds
const OUTCOME = here('../../../target/wpt.json');
const { groups, skip, failures } = JSON.parse(readFileSync(here('expectations.json'), 'utf8'));

// A path, as WPT writes it, is below the checkout or beside the test.
const resolve = (path, name) => (name.startsWith('/') ? name.slice(1) : posix.join(dirname(path), name));
const scriptsOf = (path, text) => [...text.matchAll(/^\/\/ META: script=(\S+)/gm)].map(([, name]) => resolve(path, name));

function skippedBy(path, text) {
  for (const [word, reason] of Object.entries(skip.paths)) if (path.includes(word)) return reason;
  for (const [word, reason] of Object.entries(skip.words)) if (text.includes(word)) return reason;
  return undefined;
}

// In a worker, because Node's own stack is too small for what the engine allows.
if (!isMainThread) {
  const { freeze, Instance } = await import('../host.mjs');
  const { status, image, message } = freeze(readFileSync(here('stage.js'), 'utf8'));
  if (status !== 'idle') throw new Error(`the stage was refused: ${message}`);
  const read = (name) => readFileSync(join(workerData, name), 'utf8');

  const attempt = (payload) => {
    const instance = new Instance(image);
    let clock = instance.clock;
    // A test that waits by looking at the clock must see it move.
    Object.defineProperty(instance, 'clock', { get: () => (clock += 0.02), set: (value) => (clock = value) });
    instance.interruptAfter = INTERRUPT_AFTER;
    const { failure, interrupted } = instance.invoke({ headers: [], payload });
    const told = instance.logs.map(({ message: line }) => line).filter((line) => typeof line === 'string' && line.startsWith('\u0001'));
    const says = (what) => told.filter((line) => line.startsWith(`\u0001${what} `)).map((line) => JSON.parse(line.slice(what.length + 2)));
    return { failure, interrupted, files: says('file'), status: says('status')[0], tests: says('test') };
  };

  const judge = (path) => {
    const text = read(path);
    const names = ['resources/testharness.js', ...scriptsOf(path, text), path];
    const payload = { path, files: {}, scripts: names.map((name) => ({ name, source: read(name) })) };
    for (let round = 0; round < ROUNDS; round++) {
      const outcome = attempt(payload);
      const wanted = outcome.files.filter((name) => !Object.hasOwn(payload.files, name) && existsSync(join(workerData, name)));
      if (wanted.length > 0) {
        for (const name of wanted) payload.files[name] = read(name);
        continue;
      }
      const { failure, interrupted, status, tests } = outcome;
      if (interrupted !== undefined) return { broken: 'it computes without end' };
      if (status === undefined) return { broken: failure?.errorMsg ?? 'it reports nothing' };
      if (status.status !== 0) return { broken: status.message ?? 'the harness failed', tests };
      return { tests };
    }
    return { broken: 'it asks for too many files' };
  };
  parentPort.on('message', (path) => {
    try {
      parentPort.postMessage(judge(path));
    } catch (error) {
      parentPort.postMessage({ broken: `the engine: ${error.message}` });
    }
  });
}

function table(counts, skipped) {
  const lines = ['| group | subtests that pass | of | files |', '|---|---:|---:|---:|'];
  const all = { passed: 0, ran: 0, files: 0 };
  for (const [group, count] of Object.entries(counts)) {
    lines.push(`| ${group} | ${count.passed} | ${count.ran} | ${count.files} |`);
    for (const key in all) all[key] += count[key];
  }
  lines.push(`| all | ${all.passed} | ${all.ran} | ${all.files} |`, '', `${skipped} more files of these groups are not run, by rules with a reason each.`);
  return lines.join('\n');
}

// How many fail, and which.
function fingerprint(bad) {
  const names = bad.map(({ name }) => name).sort();
  return `${names.length}, ${createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 12)}`;
}

// Group -> how many pass, as the README says.
const passing = () => Object.fromEntries([...published('wpt').matchAll(/^\| ([\w/-]+) \| (\d+) \|/gmi)].map(([, group, passed]) => [group, Number(passed)]));

async function main() {
  const root = process.env.WPT ?? '';
  if (root === '' || !existsSync(join(root, 'resources/testharness.js'))) {
    console.error(`error: ${root === '' ? 'WPT is not set' : `${root} has no resources/testharness.js`}`);
    console.error('hint: get test/fixtures/wpt of Node v18.20.4 (github.com/nodejs/node) and say where it is: make test-wpt WPT=<folder>');
    return 2;
  }
  const known = new Map();
  for (const { reason, files } of failures) for (const [path, expected] of Object.entries(files)) known.set(path, { reason, expected });
  const only = process.argv.slice(2);
  const worker = new Worker(new URL(import.meta.url), { workerData: root, resourceLimits: DEEP });
  const counts = {};
  const wrong = [];
  const failed = {};
  const seen = new Set();
  let skipped = 0;
  for (const group of groups) {
    for (const file of readdirSync(join(root, group), { recursive: true }).sort()) {
      const path = `${group}/${file}`;
      if (!/\.(any|window)\.js$/.test(path)) continue;
      if (only.length > 0 && !only.some((start) => path.startsWith(start))) continue;
      if (skippedBy(path, readFileSync(join(root, path), 'utf8')) !== undefined) {
        skipped++;
        continue;
      }
      worker.postMessage(path);
      const [{ broken, tests = [] }] = await once(worker, 'message');
      const count = (counts[group] ??= { passed: 0, ran: 0, files: 0 });
      count.files++;
      const results = tests.map(({ name, status, message }) => ({ name, why: status === 0 ? undefined : (message ?? 'no message') }));
      if (broken !== undefined) results.push({ name: '(the file)', why: broken });
      count.ran += results.length;
      const bad = results.filter(({ why }) => why !== undefined);
      count.passed += results.length - bad.length;
      seen.add(path);
      if (bad.length > 0) failed[path] = { expected: fingerprint(bad), failures: Object.fromEntries(bad.map(({ name, why }) => [name, why])) };
      const { expected, reason } = known.get(path) ?? {};
      if (failed[path]?.expected === expected) continue;
      wrong.push(`${path}: ${failed[path]?.expected ?? 'nothing'} fails, expectations.json says ${expected ?? 'nothing'}${reason ? ` (${reason})` : ''}`);
    }
  }
  await worker.terminate();
  mkdirSync(dirname(OUTCOME), { recursive: true });
  writeFileSync(OUTCOME, JSON.stringify(failed, null, 1));
  if (only.length === 0) {
    for (const path of known.keys()) if (!seen.has(path)) wrong.push(`${path} is in expectations.json, but it did not run`);
    const before = passing();
    for (const [group, { passed }] of Object.entries(counts)) {
      if (passed < (before[group] ?? 0)) wrong.push(`${group}: ${passed} pass; the README says ${before[group]}`);
    }
  }
  console.log(table(counts, skipped));
  for (const line of wrong) console.log(line);
  if (only.length === 0 && wrong.length === 0 && isUpdating) publish('wpt', `\n${table(counts, skipped)}\n`);
  console.log(wrong.length === 0 ? 'all as expected' : `${wrong.length} not as expected; what fails is in target/wpt.json`);
  return wrong.length === 0 ? 0 : 1;
}

if (isMainThread) process.exitCode = await main();
