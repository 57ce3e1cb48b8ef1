// Why this file exists: what functions that Node 10 has not do with an AbortSignal.
'use strict';

const abortError = (signal) => {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  error.name = 'AbortError';
  error.code = 'ABORT_ERR';
  return error;
};
exports.refuseAborted = (signal) => {
  if (signal !== undefined && signal.aborted) throw abortError(signal);
};
// Returns what takes the listener away again.
exports.whenAborted = (signal, action) => {
  if (signal === undefined) return () => {};
  const listener = () => action(abortError(signal));
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
};
