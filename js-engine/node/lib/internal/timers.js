// Why this file exists: the part of Node's timers that its `http` asks for, on the engine's own (js/timers.js).
'use strict';
const { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = require('internal/errors').codes;

const MOST = 2147483647;

exports.setUnrefTimeout = (callback, after, ...args) => engine.timers.setTimeout(callback, after, ...args).unref();
exports.validateTimerDuration = (msecs) => {
  if (typeof msecs !== 'number') throw new ERR_INVALID_ARG_TYPE('msecs', 'number', msecs);
  if (!(msecs >= 0 && msecs < Infinity)) throw new ERR_OUT_OF_RANGE('msecs', 'a non-negative finite number', msecs);
  if (msecs <= MOST) return msecs;
  const text = msecs + ' does not fit into a 32-bit signed integer.\nTimer duration was truncated to ' + MOST + '.';
  process.emitWarning(text, 'TimeoutOverflowWarning');
  return MOST;
};
