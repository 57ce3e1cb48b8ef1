// test262, run inside the engine: `make test262 TEST262=<a checkout>`. Everything that differs from expectations.json is
// printed and makes the run fail, in both directions: what fails has to be known, and what is known has to fail.
//
// `node run.mjs [path…]` runs the tests whose paths begin like that; UPDATE_README=1 writes the counts into README.md.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { isUpdating } from '../readme.mjs';
import { DEEP } from '../tools.mjs';
import { byReason, differences, expected } from './expectations.mjs';
import { OUTCOME, PARTIAL_OUTCOME, writeCounts } from './counts.mjs';
import { stop, suite } from './suite.mjs';

const here = (path) => new URL(path, import.meta.url);
const expectations = JSON.parse(readFileSync(here('expectations.json'), 'utf8'));
const { commit, skip } = expectations;
const root = suite(commit);
const SHOWN = 60;

const wanted = process.argv.slice(2);
const paths = readdirSync(`${root}/test`, { recursive: true })
  .map((name) => `test/${name}`)
  .filter((path) => path.endsWith('.js') && !path.includes('_FIXTURE'))
  .filter((path) => wanted.length === 0 || wanted.some((start) => path.startsWith(start)))
  .sort();
if (paths.length === 0) stop(`no test's path begins with ${wanted.join(' or ')}; paths look like test/language/types`);

const started = performance.now();
const next = new Int32Array(new SharedArrayBuffer(4));
const ran = new Set();
const failed = new Map();
const skipped = {};
const threads = Array.from({ length: Math.min(availableParallelism(), paths.length) }, () => {
  const worker = new Worker(here('worker.mjs'), {
    workerData: { root, paths, next, skip },
    resourceLimits: DEEP,
  });
  return new Promise((resolve, reject) => {
    let isDone = false;
    worker.on('message', (report) => {
      isDone = true;
      for (const id of report.ran) ran.add(id);
      for (const [id, why] of report.failed) failed.set(id, why);
      for (const [rule, count] of Object.entries(report.skipped)) skipped[rule] = (skipped[rule] ?? 0) + count;
    });
    worker.on('error', reject);
    worker.on('exit', () => (isDone ? resolve() : reject(new Error('a thread of the runner ended early'))));
  });
});
const progress = setInterval(() => console.error(`${Math.min(next[0], paths.length)} of ${paths.length} files`), 30_000);
await Promise.all(threads);
clearInterval(progress);

const known = expected(expectations);
const { unexpected, passed } = differences(known, failed, (id) => ran.has(id) || wanted.length === 0);
const total = (list) => list.reduce((sum, [, count]) => sum + count, 0);
const skips = byReason(skip, skipped);
const count = (number) => number.toLocaleString('en-US');

mkdirSync(here('../../../target'), { recursive: true });
const partOf = (id) => id.split('/')[1];
const runs = {};
for (const id of ran) runs[partOf(id)] = (runs[partOf(id)] ?? 0) + 1;
const outcome = { runs, files: paths.length, skipped, failed: Object.fromEntries([...failed].sort()) };
writeFileSync(here(wanted.length === 0 ? OUTCOME : PARTIAL_OUTCOME), `${JSON.stringify(outcome, null, 1)}\n`);
console.log(`${count(paths.length)} files: ${count(ran.size)} runs, ${count(ran.size - failed.size)} passed, ${count(failed.size)} failed; ${count(total(skips))} files skipped; ${Math.round((performance.now() - started) / 1000)} s`);
const groups = new Map();
for (const id of failed.keys()) {
  if (known.has(id)) groups.set(known.get(id), (groups.get(known.get(id)) ?? 0) + 1);
}
for (const [reason, number] of groups) console.log(`  ${count(number)} known to fail: ${reason}`);
for (const [reason, number] of skips) console.log(`  ${count(number)} files skipped: ${reason}`);
const show = (title, list) => {
  if (list.length === 0) return;
  console.log(`${title} (${list.length}):`);
  for (const line of list.slice(0, SHOWN)) console.log(`  ${line}`);
  if (list.length > SHOWN) console.log('  and more; all are in target/test262*.json');
};
show('fail and are not expected to', unexpected);
show('are expected to fail and do not: take them off expectations.json', passed);
const isAsExpected = unexpected.length + passed.length === 0;

if (isUpdating && wanted.length === 0) writeCounts();
process.exitCode = isAsExpected ? 0 : 1;
