// The tests of npm's request, in the engine: `make test-request REQUEST=<a checkout of request v2.87.0>`. The package is the platform's, on the
// platform's client; servers of the tests listen in the harness (servers.js, relay.mjs), and requests go there over real sockets (world.mjs).
// What the real Node 10.24.1 passes must pass, or be in clients.json with the reason: "absent" for what a lambda cannot have, "differs" for the
// rest; and what is there must fail. "unjudged" is what depends on the machine, so it is not run. UPDATE_README=1 writes the count into the
// README, where it may only rise.
//
// Arguments name single files: then nothing is counted. The tests are not in this repository; npm does not have them.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { isUpdating, publish, published } from '../readme.mjs';
import { DEEP, NODE10, TOOLS } from '../tools.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const PACKAGES = here('.');
const platform = (file) => `/node_modules/${file}`;
const SUITES = {
  request: {
    variable: 'REQUEST',
    version: '2.87.0',
    tests: 'tests',
    pattern: /^test-.*\.js$/,
    aliases: {
      '/node': 'request', '/node/index': 'request', '/node/lib/helpers': platform('request/lib/helpers.js'), '/node/lib/hawk': platform('request/lib/hawk.js'),
      'forever-agent': platform('forever-agent/index.js'), 'http-signature': platform('http-signature/lib/index.js'),
      'mime-types': platform('mime-types/index.js'), 'oauth-sign': platform('oauth-sign/index.js'), qs: platform('qs/lib/index.js'),
    },
  },
};
// What the stage gives for modules that have servers.
const SERVERS = ['http', 'https', 'net'];
const given = { 'servers.js': readFileSync(here('servers.js'), 'utf8') };
const servers = {};
for (const name of SERVERS) {
  given[`servers/${name}.js`] = `module.exports = require('../servers').${name};`;
  servers[name] = `/node/servers/${name}`;
}

// In a worker, because Node's own stack is too small for what the engine allows.
if (!isMainThread) {
  const { judge } = await import('./judge.mjs');
  parentPort.on('message', async ({ suite, folder, file }) => {
    const aliases = { ...servers, ...SUITES[suite].aliases };
    parentPort.postMessage(await judge(folder, file, { aliases, given, packages: PACKAGES, isOutside: true }));
  });
}

function passesInNode10(folder, file) {
  const env = { ALIASES: JSON.stringify({ tape: here('tape.js') }), NODE_PATH: [`${PACKAGES}node_modules`, `${TOOLS}node_modules`].join(delimiter) };
  return new Promise((done) => {
    const args = ['--no-warnings', '--require', here('aliases.cjs'), join(folder, file)];
    execFile(NODE10, args, { cwd: folder, env, timeout: 60_000, maxBuffer: 1 << 26 }, (error) => done(!error));
  });
}

function filesOf({ variable, version, tests, pattern }, fingerprint) {
  const folder = process.env[variable] ?? '';
  if (folder === '') return undefined;
  const files = existsSync(join(folder, tests)) ? readdirSync(join(folder, tests)).filter((name) => pattern.test(name)).sort() : [];
  const hash = createHash('sha256');
  for (const name of files) hash.update(name).update(readFileSync(join(folder, tests, name)));
  const found = hash.digest('hex');
  if (found !== fingerprint) throw new Error(`the tests in ${join(folder, tests)} are not those of the tag v${version} (their hash is ${found})`);
  return { folder, files };
}

const worker = isMainThread ? new Worker(new URL(import.meta.url), { resourceLimits: DEEP }) : undefined;

// One suite: its counts, and what is not as expected.
async function run(suite, { folder, files }, { unjudged, absent, differs }, only) {
  const known = new Map();
  const notRun = Object.values(unjudged).flat();
  for (const [kind, reasons] of Object.entries({ absent, differs })) {
    for (const [reason, names] of Object.entries(reasons)) for (const name of names) known.set(name, { kind, reason });
  }
  const counts = { passed: 0, applicable: 0, absent: 0, all: files.length };
  const wrong = [];
  for (const name of files.filter((file) => !notRun.includes(file) && (only.length === 0 || only.includes(file)))) {
    const expected = known.get(name);
    const file = `${SUITES[suite].tests}/${name}`;
    if (!(await passesInNode10(folder, file))) {
      if (expected !== undefined) wrong.push(`${name} is in clients.json, but Node 10.24.1 does not pass it`);
      continue;
    }
    worker.postMessage({ suite, folder, file });
    const [{ why, stack, told }] = await once(worker, 'message');
    if (expected?.kind === 'absent') counts.absent++;
    else counts.applicable++;
    if (why === undefined && expected === undefined) counts.passed++;
    if (why === undefined && expected !== undefined) wrong.push(`${name} passes, but clients.json says: ${expected.reason}`);
    if (why !== undefined && expected === undefined) wrong.push(`${name} fails: ${why}`);
    if (only.length > 0) console.log([`${why === undefined ? 'ok' : `not ok, ${why}`}: ${name}`, stack, ...(told ?? [])].join('\n'));
  }
  return { counts, wrong };
}

async function main() {
  const expectations = JSON.parse(readFileSync(here('clients.json'), 'utf8'));
  const only = process.argv.slice(2);
  let isRun = false;
  let failures = 0;
  for (const [suite, about] of Object.entries(SUITES)) {
    const found = filesOf(about, expectations[suite].fingerprint);
    if (found === undefined) continue;
    isRun = true;
    const { counts, wrong } = await run(suite, found, expectations[suite], only);
    if (only.length === 0) {
      const before = Number(/\d+/.exec(published(`${suite}-tests`)));
      if (counts.passed < before) wrong.push(`${counts.passed} pass; the README says ${before}`);
      const text = `${counts.passed} of ${counts.all}`;
      console.log(`${suite} ${about.version}: ${text} files pass; Node 10.24.1 passes ${counts.applicable + counts.absent}, and ${counts.absent} of those need what a lambda has not`);
      if (wrong.length === 0 && isUpdating) publish(`${suite}-tests`, text);
    }
    for (const line of wrong) console.log(line);
    failures += wrong.length;
  }
  if (!isRun) {
    console.error('error: REQUEST is not set');
    console.error('hint: get the tag v2.87.0 of github.com/request/request and say where it is: make test-request REQUEST=<folder>');
    return 1;
  }
  return failures === 0 ? 0 : 1;
}

if (isMainThread) {
  process.exitCode = await main().catch((error) => {
    console.error(`error: ${error.message}`);
    return 1;
  });
  await worker.terminate();
}
