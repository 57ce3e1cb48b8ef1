// Why this file exists: what Node has in the global scope, and what `process` has besides the engine's own
// (js/process.js). Runs once, when the base image is made.
'use strict';
const EventEmitter = require('events');
const { Buffer } = require('buffer');
const { URL, URLSearchParams, searchParamsSymbol } = require('internal/url');
const { expose, defineProperty } = engine.primordials;
const own = engine.process;

expose('Buffer', Buffer);
expose('URL', URL);
expose('URLSearchParams', URLSearchParams);
engine.isSearchParams = (value) =>
  typeof value === 'object' && value !== null && Array.isArray(value[searchParamsSymbol]);
// Names and values of a form in turn. An empty pair in front, because a leading `?` is not part of a query, but of a form.
engine.formPairs = (text) => new URLSearchParams('&' + text)[searchParamsSymbol];

// `process` is an emitter, though nothing is ever emitted: an invocation has no signals and no exit.
const inherited = Object.create(EventEmitter.prototype, {
  constructor: { value: function process() {}, writable: true, configurable: true },
});
Object.setPrototypeOf(own, inherited);
EventEmitter.call(own);
for (const name of ['_events', '_eventsCount', '_maxListeners', 'domain']) {
  if (Object.hasOwn(own, name)) defineProperty(own, name, { enumerable: false });
}

// Whole lines written to standard output become log entries.
const outlet = (level, fd) => {
  let stream;
  return () => {
    if (stream !== undefined) return stream;
    const { Writable } = require('stream');
    let rest = '';
    stream = new Writable({
      decodeStrings: false,
      write(chunk, encoding, callback) {
        const lines = (rest + (typeof chunk === 'string' ? chunk : chunk.toString())).split('\n');
        rest = lines.pop();
        for (const line of lines) engine.log(level, line, []);
        callback();
      },
    });
    stream.fd = fd;
    stream.isTTY = false;
    stream._type = 'fs';
    return stream;
  };
};
const { INFO, ERROR } = engine.natives;
defineProperty(own, 'stdout', { get: outlet(INFO, 1), enumerable: true, configurable: true });
defineProperty(own, 'stderr', { get: outlet(ERROR, 2), enumerable: true, configurable: true });
own.getuid = own.geteuid = () => 1000;
own.getgid = own.getegid = () => 1000;

// V8 captures a stack and formats it when it is looked at; Node's library relies on both.
const capture = Error.captureStackTrace;
Error.captureStackTrace = function captureStackTrace(target, above) {
  if (engine.natives.isError(target)) {
    capture(target, above ?? captureStackTrace);
    return;
  }
  const hook = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, sites) => sites;
  const holder = {};
  try {
    capture(holder, above ?? captureStackTrace);
  } finally {
    Error.prepareStackTrace = hook;
  }
  const sites = holder.stack;
  let stack;
  let isKnown = false;
  defineProperty(target, 'stack', {
    configurable: true,
    enumerable: false,
    get() {
      if (!isKnown) {
        isKnown = true;
        const format = Error.prepareStackTrace;
        stack = typeof format === 'function' ? format(target, sites) : engine.formatStack(target, sites);
      }
      return stack;
    },
    set(value) {
      isKnown = true;
      stack = value;
    },
  });
};
require('timers');
require('internal/http_setup');
require('internal/shortcuts');
