// Why this file exists: `stream` with promises, which Node 10 has not.
'use strict';
const stream = require('stream');
const { promisify } = require('util');
const { refuseAborted, whenAborted } = require('internal/abort');

const finished = promisify(stream.finished);
const pipeline = promisify(stream.pipeline);

exports.finished = function (some, options = {}) {
  return finished(some, options);
};
exports.pipeline = async function (...streams) {
  const last = streams[streams.length - 1];
  const isStream = typeof last === 'function' || typeof last.pipe === 'function' || typeof last.write === 'function';
  const { signal } = isStream ? {} : streams.pop();
  refuseAborted(signal);
  const sources = streams.map((one, at) => (at === 0 && typeof one.pipe !== 'function' ? stream.Readable.from(one) : one));
  const stop = whenAborted(signal, (error) => sources.forEach((one) => one.destroy(error)));
  try {
    await pipeline(...sources);
  } catch (error) {
    refuseAborted(signal);
    throw error;
  } finally {
    stop();
  }
};
