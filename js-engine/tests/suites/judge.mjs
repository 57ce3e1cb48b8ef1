// Judges one test file in the engine: a lambda (stage.js, expectations.js) is given the file, and each file that it asks
// for, until it asks for nothing more that there is.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { freeze, Instance } from '../host.mjs';
import { World } from './world.mjs';

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const { image, status, message } = freeze(`${read('expectations.js')}\n${read('stage.js')}`);
if (status !== 'idle') throw new Error(`the stage was refused: ${message}`);

const MARK = '\u0001';
const INTERRUPT_AFTER = 40_000; // looks of the interpreter at the clock: some tens of seconds
const ROUNDS = 200;
const LONGEST = 30_000;
const NEVER_CALLED = 'the lambda can no longer answer: its callback was never called';
const UNCAUGHT = /^(Uncaught error|Error) after the callback was called/;

const toldBy = (instance) => {
  const told = instance.logs.map(({ message }) => message).filter((message) => typeof message === 'string');
  // A process runs nothing after its end; a lambda does.
  const end = told.findIndex((line) => line.startsWith(`${MARK}exit `));
  if (end !== -1) told.length = end + 1;
  return told;
};

function attempt(payload) {
  const instance = new Instance(image);
  let clock = instance.clock;
  // A test that waits by looking at the clock must see it move.
  Object.defineProperty(instance, 'clock', { get: () => (clock += 0.02), set: (value) => (clock = value) });
  instance.interruptAfter = INTERRUPT_AFTER;
  const { failure, interrupted } = instance.invoke({ payload });
  if (failure?.errorMsg?.startsWith(NEVER_CALLED)) instance.start({ payload: { exit: true } });
  return { failure, interrupted, told: toldBy(instance) };
}

// With a network, and in real time.
async function attemptOutside(payload, run) {
  const instance = new Instance(image);
  instance.interruptAfter = INTERRUPT_AFTER;
  const world = new World(instance, run);
  try {
    const { status, answer } = await world.invoke({ payload }, Date.now() + LONGEST);
    if (status === 'waiting') return { failure: { errorMsg: 'it never ends' }, told: toldBy(instance).filter((line) => !line.startsWith(`${MARK}exit `)) };
    const failure = status === 'failed' ? JSON.parse(answer) : undefined;
    if (failure?.errorMsg?.startsWith(NEVER_CALLED)) instance.start({ payload: { exit: true } });
    return { failure, interrupted: status === 'interrupted' ? answer : undefined, told: toldBy(instance) };
  } finally {
    world.stop();
  }
}

function verdictOf({ failure, interrupted, told }) {
  const says = (what) => told.filter((line) => line.startsWith(`${MARK}${what} `)).map((line) => line.slice(what.length + 2));
  const [skipped] = says('skip');
  if (skipped !== undefined) return { why: `it skips itself: ${skipped}` };
  if (interrupted !== undefined) return { why: 'it computes without end' };
  const [exit] = says('exit');
  if (exit === undefined) return { why: failure.errorMsg, stack: failure.stack };
  const rejected = says('rejections').length === 0 && told.find((line) => line.startsWith('Unhandled promise rejection'));
  const late = told.find((line) => UNCAUGHT.test(line)) ?? rejected;
  if (late) return { why: late };
  return exit === '0' ? {} : { why: `it ends ${exit}` };
}

// Of each package below a folder, as the stage has it: its main file. Those that are named like Node's modules cannot be required.
function mainsIn(folder) {
  const mains = {};
  const pattern = /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/;
  for (const file of readdirSync(join(folder, 'node_modules'), { recursive: true })) {
    const name = `node_modules/${file}`;
    if (!pattern.test(name) || isBuiltin(posix.basename(posix.dirname(file)))) continue;
    const { main = 'index' } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const at = posix.dirname(name);
    mains[`/node/${at}`] = posix.join('/node', at, main);
  }
  return mains;
}

// `file` is below `folder`; `aliases` says which paths and names mean other modules, `given` is more files and their texts,
// `packages` the folder whose `node_modules` has npm packages. `isOutside` gives the test a network. Without `why` the test passes.
export async function judge(folder, file, { flags = [], aliases = {}, given = {}, packages, isOutside = false } = {}) {
  const files = { 'tape.js': Buffer.from(read('tape.js')).toString('base64') };
  for (const [name, text] of Object.entries(given)) files[name] = Buffer.from(text).toString('base64');
  const give = (path) => {
    const root = path.startsWith('node_modules/') ? (packages ?? folder) : folder;
    const found = [path, `${path}.js`, `${path}.json`, `${path}/index.js`].find((one) => {
      const name = join(root, one);
      return existsSync(name) && statSync(name).isFile();
    });
    if (found === undefined || Object.hasOwn(files, found)) return false;
    files[found] = readFileSync(join(root, found)).toString('base64');
    return true;
  };
  give(file);
  const run = async (other) => {
    const { why, told = [] } = await judge(folder, other, { flags, aliases, given, packages, isOutside });
    return { error: why, output: told.filter((line) => !line.startsWith(MARK)).join('\n') };
  };
  const mains = packages === undefined ? {} : mainsIn(packages);
  const payload = { file, flags, files, mains, aliases: { tape: '/node/tape.js', ...aliases } };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const outcome = isOutside ? await attemptOutside(payload, run) : attempt(payload);
      const asked = outcome.told.filter((line) => line.startsWith(`${MARK}file `)).map((line) => line.slice(6));
      if (asked.filter(give).length === 0) return { ...verdictOf(outcome), told: outcome.told };
    }
    return { why: 'it asks for too many files' };
  } catch (error) {
    return { why: `the engine: ${error.message}` };
  }
}
