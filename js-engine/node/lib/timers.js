// Why this file exists: `timers` is the engine's own (js/timers.js), with what `util.promisify` needs to know of it.
'use strict';
const { deprecate, promisify } = require('internal/util');
const { validateTimerDuration } = require('internal/timers');

for (const name in engine.timers) exports[name] = engine.timers[name];
// Node declares the arguments it hands on.
for (const [name, value] of [['setTimeout', 5], ['setInterval', 5], ['setImmediate', 4]]) {
  Object.defineProperty(exports[name], 'length', { value });
}

const promised = (start) =>
  function (...args) {
    return new Promise((resolve) => start(resolve, ...args));
  };
const customize = (start, value) => Object.defineProperty(start, promisify.custom, { value });
customize(exports.setTimeout, promised((resolve, after, value) => exports.setTimeout(resolve, after, value)));
customize(exports.setImmediate, promised((resolve, value) => exports.setImmediate(resolve, value)));

// The old interface: an object of the caller's with `_idleTimeout` and `_onTimeout`. Its timer is not shown on it.
const started = new WeakMap();

function enroll(item, msecs) {
  const most = validateTimerDuration(msecs);
  stop(item);
  item._idleTimeout = most;
}

function stop(item) {
  const timer = started.get(item);
  if (timer === undefined) return;
  exports.clearTimeout(timer);
  started.delete(item);
}

function start(item, isUnref) {
  const { _idleTimeout: msecs } = item;
  if (msecs < 0 || msecs === undefined) return;
  stop(item);
  item._idleStart = Math.trunc(engine.natives.uptime());
  const timer = exports.setTimeout(() => {
    if (started.get(item) === timer) started.delete(item);
    if (typeof item._onTimeout === 'function') item._onTimeout();
  }, msecs);
  if (isUnref) timer.unref();
  started.set(item, timer);
}

exports.active = function (item) {
  start(item, false);
};
exports._unrefActive = function (item) {
  start(item, true);
};
exports.enroll = deprecate(enroll, 'timers.enroll() is deprecated. Please use setTimeout instead.', 'DEP0095');
exports.unenroll = deprecate(
  function unenroll(item) {
    // Timers of the new kind can be handed over, too.
    exports.clearTimeout(item);
    stop(item);
    item._idleTimeout = -1;
  },
  'timers.unenroll() is deprecated. Please use clearTimeout instead.',
  'DEP0096'
);
