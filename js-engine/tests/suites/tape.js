// Why this file exists: what test files from npm packages call `tape`, as far as they use it: named tests one after the
// other, their comparisons, and what is done after the last. As in tape a failure stops nothing: it is told, and the process
// ends with 1; so it does when a test never ended. What is thrown ends the process by itself.
const assert = require('assert');

const queue = [];
const atTheEnd = [];
let running; // the name of the test that has not ended
let isRunning = false;

const COMPARISONS = {
  equal: 'strictEqual', equals: 'strictEqual', strictEqual: 'strictEqual', notEqual: 'notStrictEqual',
  throws: 'throws', doesNotThrow: 'doesNotThrow', ok: 'ok', true: 'ok', fail: 'fail', error: 'ifError', ifError: 'ifError',
};

function fails(name, error) {
  process.exitCode = 1;
  console.log(`not ok ${name}: ${error.stack || error}`);
}

function next() {
  const started = queue.shift();
  isRunning = started !== undefined;
  if (!isRunning) {
    for (const finish of atTheEnd.splice(0)) finish();
    return;
  }
  let left;
  let isOver = false;
  running = started.name;
  const over = () => {
    if (isOver) return;
    isOver = true;
    running = undefined;
    setImmediate(next);
  };
  const t = {
    plan(count) {
      left = count;
    },
    end(error) {
      if (isOver) fails(started.name, new Error('it has ended before'));
      if (error) t.error(error);
      if (left > 0) fails(started.name, new Error(`${left} comparisons are missing`));
      over();
    },
    on() {},
  };
  const compare = (name, comparison) => {
    t[name] = (...values) => {
      try {
        comparison(...values);
      } catch (error) {
        fails(started.name, error);
      }
      if (left !== undefined && --left === 0) over();
    };
  };
  for (const [name, real] of Object.entries(COMPARISONS)) compare(name, assert[real]);
  // Tape does not look at prototypes.
  const plain = (value) => (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === null ? { ...value } : value);
  for (const name of ['deepEqual', 'same']) compare(name, (a, b, message) => assert.deepStrictEqual(plain(a), plain(b), message));
  const isFalse = (value, message) => assert.ok(!value, message);
  for (const name of ['notOk', 'notok', 'false']) compare(name, isFalse);
  started.test(t);
}

process.on('exit', () => {
  if (running === undefined && queue.length === 0) return;
  console.log(`not ok ${running || queue[0].name}: it never ended`);
  process.exitCode = 1;
});

module.exports = function tape(name, options, test = options) {
  if (options.skip) return;
  queue.push({ name, test });
  if (!isRunning) setImmediate(next);
  isRunning = true;
};
module.exports.onFinish = (finish) => {
  atTheEnd.push(finish);
  if (!isRunning) setImmediate(next);
  isRunning = true;
};
