// Why this file exists: what test files find in mocha: tests in groups, what is done before and after a group, and chai's
// `expect`. One after the other, each with a line of what came of it; the process ends with 1 when one failed or never ended.
const steps = [];
const groups = [];
let running; // the step that has not ended
let isStarted = false;

function next() {
  running = steps.shift();
  if (running === undefined) return;
  const { name, body } = running;
  let isOver = false;
  const over = (error) => {
    if (isOver) return;
    isOver = true;
    if (error) process.exitCode = 1;
    if (error) console.log(`not ok ${name}: ${error.stack || error}`);
    else console.log(`ok ${name}`);
    running = undefined;
    setImmediate(next);
  };
  try {
    if (body.length > 0) body(over);
    else Promise.resolve(body()).then(() => over(), over);
  } catch (error) {
    over(error);
  }
}

process.on('exit', () => {
  if (running === undefined && steps.length === 0) return;
  process.exitCode = 1;
  console.log(`not ok ${(running || steps[0]).name}: it never ended`);
});

const nameOf = (name) => [...groups.map((group) => group.name), name].join(' ');

Object.defineProperty(global, 'expect', { get: () => require('chai').expect, configurable: true });
Object.assign(global, {
  describe(name, body) {
    const group = { name, after: [] };
    groups.push(group);
    body();
    steps.push(...group.after);
    groups.pop();
    if (!isStarted) setImmediate(next);
    isStarted = true;
  },
  it: (name, body) => steps.push({ name: nameOf(name), body }),
  before: (body) => steps.push({ name: nameOf('(before)'), body }),
  after: (body) => groups[groups.length - 1].after.push({ name: nameOf('(after)'), body }),
});
