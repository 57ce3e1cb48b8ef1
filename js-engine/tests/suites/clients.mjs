// The tests of npm's request and request-promise-native, in the engine: `make test-request REQUEST=<a checkout of request v2.87.0>
// REQUEST_PROMISE=<one of request-promise-native v1.0.5>`, of which one is enough. The packages are the platform's, on the platform's client; servers of the
// tests listen in the harness (servers.js, relay.mjs), and requests go there over real sockets (world.mjs).
// What the real Node 10.24.1 passes must pass, or be in clients.json with the reason: "absent" for what a lambda cannot have, "differs" for the
// rest; and what is there must fail. "unjudged" is what depends on the machine, so it is not run. UPDATE_README=1 writes the counts into the
// README, where they may only rise.
//
// Arguments name single files: then nothing is counted. The tests are not in this repository; npm does not have them.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { delimiter, dirname, join } from 'node:path';
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
    units: 'files',
  },
  // One file; its tests are counted.
  'request-promise-native': {
    variable: 'REQUEST_PROMISE',
    version: '1.0.5',
    tests: 'test/spec',
    pattern: /-test\.js$/,
    aliases: {
      '/node': 'request-promise-native', '/node/errors': 'request-promise-native/errors', 'tough-cookie': platform('tough-cookie/lib/cookie.js'),
    },
    units: 'tests',
  },
};
// What the stage gives for modules that have servers.
const SERVERS = ['http', 'https', 'net', 'child_process'];
const given = { 'servers.js': readFileSync(here('servers.js'), 'utf8'), 'mocha.js': readFileSync(here('mocha.js'), 'utf8') };
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
    const start = `require('/node/mocha'); require('/node/${file}');`;
    parentPort.postMessage(await judge(folder, 'start.js', { aliases, given: { ...given, 'start.js': start }, packages: PACKAGES, isOutside: true }));
  });
}

function inNode10(folder, file) {
  const env = {
    ALIASES: JSON.stringify({ tape: here('tape.js') }),
    NODE_PATH: [`${PACKAGES}node_modules`, `${TOOLS}node_modules`].join(delimiter),
    PATH: dirname(NODE10),
  };
  return new Promise((done) => {
    const args = ['--no-warnings', '--require', here('aliases.cjs'), '--require', here('mocha.js'), join(folder, file)];
    execFile(NODE10, args, { cwd: folder, env, timeout: 60_000, maxBuffer: 1 << 26 }, (error, output) => done({ isGood: !error, told: output.split('\n') }));
  });
}

// Of a run of a file: what of it passes, by name. `isGood`: all of it.
function passing({ units }, name, { isGood, told }) {
  if (units === 'files') return isGood ? [name] : [];
  return told.filter((line) => /^ok (?!.*\((before|after)\)$)/.test(line)).map((line) => line.slice(3));
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
  const about = SUITES[suite];
  const counts = { passed: 0, applicable: 0, absent: 0, all: about.units === 'files' ? files.length : 0 };
  const wrong = [];
  const judged = new Set();
  for (const name of files.filter((file) => !notRun.includes(file) && (only.length === 0 || only.includes(file)))) {
    const file = `${about.tests}/${name}`;
    const inNode = passing(about, name, await inNode10(folder, file));
    if (about.units === 'tests') counts.all += inNode.length;
    if (inNode.length === 0) continue;
    worker.postMessage({ suite, folder, file });
    const [{ why, stack, told = [] }] = await once(worker, 'message');
    const here = passing(about, name, { isGood: why === undefined, told });
    for (const one of inNode) {
      judged.add(one);
      const expected = known.get(one);
      if (expected?.kind === 'absent') counts.absent++;
      else counts.applicable++;
      const isPassing = here.includes(one);
      if (isPassing && expected === undefined) counts.passed++;
      if (isPassing && expected !== undefined) wrong.push(`${one} passes, but clients.json says: ${expected.reason}`);
      if (!isPassing && expected === undefined) wrong.push(`${one} fails: ${why}`);
    }
    if (only.length > 0) console.log([`${why === undefined ? 'ok' : `not ok, ${why}`}: ${name}`, stack, ...told].join('\n'));
  }
  if (only.length === 0) for (const one of known.keys()) if (!judged.has(one)) wrong.push(`${one} is in clients.json, but Node 10.24.1 does not pass it`);
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
      console.log(`${suite} ${about.version}: ${text} ${about.units} pass; Node 10.24.1 passes ${counts.applicable + counts.absent}, and ${counts.absent} of those need what a lambda has not`);
      if (wrong.length === 0 && isUpdating) publish(`${suite}-tests`, text);
    }
    for (const line of wrong) console.log(line);
    failures += wrong.length;
  }
  if (!isRun) {
    console.error('error: neither REQUEST nor REQUEST_PROMISE is set');
    console.error('hint: get the tags v2.87.0 of github.com/request/request and v1.0.5 of github.com/request/request-promise-native, and say where they are: make test-request REQUEST=<folder> REQUEST_PROMISE=<folder>');
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
