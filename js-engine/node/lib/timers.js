// Why this file exists: `timers` is the engine's own (js/timers.js), with what `util.promisify` needs to know of it.
'use strict';
const { promisify } = require('internal/util');

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
