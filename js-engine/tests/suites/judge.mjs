// Judges one test file in the engine: a lambda (stage.js, expectations.js) is given the file, and each file that it asks
// for, until it asks for nothing more that there is.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { freeze, Instance } from '../host.mjs';

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const { image, status, message } = freeze(`${read('expectations.js')}\n${read('stage.js')}`);
if (status !== 'idle') throw new Error(`the stage was refused: ${message}`);

const MARK = '\u0001';
const INTERRUPT_AFTER = 40_000; // looks of the interpreter at the clock: some tens of seconds
const ROUNDS = 40;
const NEVER_CALLED = 'the lambda can no longer answer: its callback was never called';
const UNCAUGHT = /^(Uncaught error|Error) after the callback was called/;

function attempt(payload) {
  const instance = new Instance(image);
  let clock = instance.clock;
  // A test that waits by looking at the clock must see it move.
  Object.defineProperty(instance, 'clock', { get: () => (clock += 0.02), set: (value) => (clock = value) });
  instance.interruptAfter = INTERRUPT_AFTER;
  const outcome = instance.invoke({ payload });
  if (outcome.failure?.errorMsg?.startsWith(NEVER_CALLED)) instance.start({ payload: { exit: true } });
  const told = instance.logs.map(({ message }) => message).filter((message) => typeof message === 'string');
  // A process runs nothing after its end; a lambda does.
  const end = told.findIndex((line) => line.startsWith(`${MARK}exit `));
  if (end !== -1) told.length = end + 1;
  return { outcome, told };
}

// `file` is below `folder`; `aliases` says which paths and names mean other modules. Without `why` the test passes.
export function judge(folder, file, { flags = [], aliases = {} } = {}) {
  const files = { 'tape.js': Buffer.from(read('tape.js')).toString('base64') };
  const give = (path) => {
    const found = [path, `${path}.js`, `${path}.json`, `${path}/index.js`].find((one) => {
      const name = join(folder, one);
      return existsSync(name) && statSync(name).isFile();
    });
    if (found === undefined || Object.hasOwn(files, found)) return false;
    files[found] = readFileSync(join(folder, found)).toString('base64');
    return true;
  };
  give(file);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const { outcome, told } = attempt({ file, flags, files, aliases: { tape: '/node/tape.js', ...aliases } });
      const says = (what) => told.filter((line) => line.startsWith(`${MARK}${what} `)).map((line) => line.slice(what.length + 2));
      if (says('file').filter(give).length > 0) continue;
      const [skipped] = says('skip');
      if (skipped !== undefined) return { why: `it skips itself: ${skipped}` };
      if (outcome.interrupted !== undefined) return { why: 'it computes without end' };
      const [exit] = says('exit');
      if (exit === undefined) return { why: outcome.failure.errorMsg, stack: outcome.failure.stack };
      const rejected = says('rejections').length === 0 && told.find((line) => line.startsWith('Unhandled promise rejection'));
      const late = told.find((line) => UNCAUGHT.test(line)) ?? rejected;
      if (late) return { why: late };
      return exit === '0' ? {} : { why: `it ends ${exit}` };
    }
    return { why: 'it asks for too many files' };
  } catch (error) {
    return { why: `the engine: ${error.message}` };
  }
}
