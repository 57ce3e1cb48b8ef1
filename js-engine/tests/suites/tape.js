// Why this file exists: what test files from npm packages call `tape`, as far as they use it: named tests one after the
// other, their comparisons, and what is done after the last. A failure is thrown, which is how the runner learns of it.
const assert = require('assert');

const queue = [];
const atTheEnd = [];
let isRunning = false;

const COMPARISONS = { equal: 'strictEqual', strictEqual: 'strictEqual', deepEqual: 'deepStrictEqual', throws: 'throws', ok: 'ok', fail: 'fail' };

function next() {
  const test = queue.shift();
  isRunning = test !== undefined;
  if (!isRunning) {
    for (const finish of atTheEnd.splice(0)) finish();
    return;
  }
  let left;
  const over = () => setImmediate(next);
  const t = {
    plan(count) {
      left = count;
    },
    end: over,
    on() {},
  };
  for (const [name, real] of Object.entries(COMPARISONS)) {
    t[name] = (...values) => {
      assert[real](...values);
      if (left !== undefined && --left === 0) over();
    };
  }
  test(t);
}

module.exports = function tape(name, options, test = options) {
  if (options.skip) return;
  queue.push(test);
  if (!isRunning) setImmediate(next);
  isRunning = true;
};
module.exports.onFinish = (finish) => {
  atTheEnd.push(finish);
  if (!isRunning) setImmediate(next);
  isRunning = true;
};
