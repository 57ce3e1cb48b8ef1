// Why this file exists: timers as promises and as an endless sequence, which Node 10 has not.
'use strict';
const timers = require('timers');
const { refuseAborted, whenAborted } = require('internal/abort');

const promised = (start, cancel, signal) =>
  new Promise((resolve, reject) => {
    refuseAborted(signal);
    let timer;
    const stop = whenAborted(signal, (error) => {
      cancel(timer);
      reject(error);
    });
    timer = start((value) => {
      stop();
      resolve(value);
    });
  });

exports.setTimeout = function (delay, value, { signal, ref = true } = {}) {
  const start = (done) => {
    const timer = timers.setTimeout(done, delay, value);
    return ref ? timer : timer.unref();
  };
  return promised(start, timers.clearTimeout, signal);
};
exports.setImmediate = function (value, { signal } = {}) {
  return promised((done) => timers.setImmediate(done, value), timers.clearImmediate, signal);
};
exports.setInterval = async function* (delay, value, { signal } = {}) {
  for (;;) {
    await exports.setTimeout(delay, undefined, { signal });
    yield value;
  }
};
for (const name in exports) Object.defineProperty(exports[name], 'name', { value: name });
exports.scheduler = {
  wait: (delay, options) => exports.setTimeout(delay, undefined, options),
  yield: () => exports.setImmediate(),
};
