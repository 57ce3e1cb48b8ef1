// One of the runner's threads: takes the next test off the shared list until there is none.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { plan, verdict } from './plan.mjs';
import { Realms } from './realm.mjs';

const { root, paths, next, skip } = workerData;
const realms = new Realms(root);
const report = { ran: [], failed: [], skipped: {} };

for (let at = Atomics.add(next, 0, 1); at < paths.length; at = Atomics.add(next, 0, 1)) {
  const path = paths[at];
  const { skipped, runs } = plan(path, readFileSync(`${root}/${path}`, 'utf8'), skip);
  if (skipped !== undefined) {
    report.skipped[skipped] = (report.skipped[skipped] ?? 0) + 1;
    continue;
  }
  for (const run of runs) {
    const why = verdict(run, realms.run(path, run));
    report.ran.push(run.id);
    if (why !== undefined) report.failed.push([run.id, why]);
  }
}
parentPort.postMessage(report);
