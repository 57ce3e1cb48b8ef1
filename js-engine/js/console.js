// Why this file exists: `console` as lambdas know it, on top of the native log entry (src/console.rs), and what a
// failure report says about the log: unhandled rejections and the last line.
(function consoleObject(engine) {
  'use strict';
  const { entries, natives } = engine;
  const { arrayPush, arraySlice, bufferByteLength, dataViewByteLength, dateGetTime, dateToISOString } =
    engine.primordials;
  const { expose, mapDelete, mapForEach, mapGet, mapSet, mapSize, numberToFixed, regexpFlags, regexpSource } =
    engine.primordials;
  const { setForEach, typedArrays, unbox, viewLength, Error, Map, String } = engine.primordials;
  const { INFO, WARN, ERROR } = natives;
  const MAX_ELEMENTS = 1000; // of a typed array, in a log entry

  const { debug, info, warn, error } = natives.levels;
  const label = (name) => (name === undefined ? 'default' : String(name));

  // Teaches the log how to copy what is not a plain object (src/log_entry.rs): as a string, or as an array.
  natives.learn('plain', [{}]);
  natives.learn('error', [new Error(), new DOMException()]);
  natives.learn('date', [new Date(0)], (date) => {
    const time = dateGetTime(date);
    return time === time ? dateToISOString(date) : 'Invalid Date';
  });
  natives.learn('regexp', [/x/], (regexp) => '/' + regexpSource(regexp) + '/' + regexpFlags(regexp));
  natives.learn('map', [new Map()], (map) => {
    const pairs = [];
    mapForEach(map, (value, key) => arrayPush(pairs, [key, value]));
    return pairs;
  });
  natives.learn('set', [new Set()], (set) => {
    const values = [];
    setForEach(set, (value) => arrayPush(values, value));
    return values;
  });
  natives.learn(
    'boxed',
    [new String(''), new Number(0), new Boolean(false), Object(BigInt(0)), Object(Symbol())],
    unbox
  );
  natives.learn('buffer', [new ArrayBuffer(0)], (buffer) => '[ArrayBuffer ' + bufferByteLength(buffer) + ' bytes]');
  const dataView = new DataView(new ArrayBuffer(0));
  natives.learn('view', [dataView], (view) => '[DataView ' + dataViewByteLength(view) + ' bytes]');
  natives.learn('view', typedArrays, (array) => {
    const elements = [];
    const length = viewLength(array);
    const shown = length < MAX_ELEMENTS ? length : MAX_ELEMENTS;
    for (let i = 0; i < shown; i++) arrayPush(elements, array[i]);
    if (shown < length) arrayPush(elements, '[' + (length - shown) + ' more]');
    return elements;
  });
  natives.learn('promise', [(async () => {})()], () => '[Promise]');
  natives.learn('weak', [new WeakMap()], () => '[WeakMap]');
  natives.learn('weak', [new WeakSet()], () => '[WeakSet]');
  natives.learn('weak', [new WeakRef({})], () => '[WeakRef]');

  let counts = new Map();
  let started = new Map();

  const elapsed = (name, report) => {
    const key = label(name);
    const since = mapGet(started, key);
    if (since === undefined) {
      warn("No such label '" + key + "' for console." + report + "()");
      return undefined;
    }
    return key + ': ' + numberToFixed(natives.now() - since, 3) + 'ms';
  };

  expose('console', {
    debug,
    info,
    warn,
    error,
    log: info,
    trace(...args) {
      const { stack } = new Error();
      natives.log(ERROR, args.length === 0 ? 'Trace' : args[0], [stack]);
    },
    dir(value) {
      info(value);
    },
    table(value) {
      info(value);
    },
    assert(condition, message, ...extras) {
      if (condition) return;
      natives.log(ERROR, message === undefined ? 'Assertion failed' : 'Assertion failed: ' + String(message), extras);
    },
    count(name) {
      const key = label(name);
      const times = (mapGet(counts, key) ?? 0) + 1;
      mapSet(counts, key, times);
      info(key + ': ' + times);
    },
    countReset(name) {
      mapDelete(counts, label(name));
    },
    time(name) {
      mapSet(started, label(name), natives.now());
    },
    timeLog(name) {
      const line = elapsed(name, 'timeLog');
      if (line !== undefined) info(line);
    },
    timeEnd(name) {
      const line = elapsed(name, 'timeEnd');
      if (line !== undefined) info(line);
      mapDelete(started, label(name));
    },
    group(...args) {
      if (args.length !== 0) natives.log(INFO, args[0], arraySlice(args, 1));
    },
    groupEnd() {},
  });

  // One line about a value, for messages: "Name: message" of an error.
  const oneLine = (value) => (natives.isError(value) ? engine.headline(value) : natives.describe(value));

  // Rejections nobody handled: reported when the job queue is empty; until then a handler may still be attached.
  let pending = new Map(); // promise -> reason
  let reported = '';
  entries.trackRejection = (promise, reason, isHandled) => {
    if (isHandled) mapDelete(pending, promise);
    else mapSet(pending, promise, reason);
    return mapSize(pending) !== 0;
  };
  entries.reportRejections = () => {
    const unhandled = pending;
    pending = new Map();
    mapForEach(unhandled, (reason) => {
      const line = oneLine(reason);
      let stack;
      try {
        stack = reason?.stack;
      } catch {
        stack = undefined;
      }
      natives.log(WARN, 'Unhandled promise rejection: ' + line, [typeof stack === 'string' ? stack : reason]);
      engine.spoil();
      reported += ' Unhandled promise rejection: ' + (typeof stack === 'string' ? stack : line) + '.';
    });
  };
  engine.rejectionReport = () => reported;
  engine.hasRejections = () => mapSize(pending) !== 0;
  engine.firstRejection = () => {
    let first;
    mapForEach(pending, (reason) => {
      first ??= { __proto__: null, reason };
    });
    return first === undefined ? undefined : first.reason;
  };
  engine.resetConsole = () => {
    counts = new Map();
    started = new Map();
    pending = new Map();
    reported = '';
  };

  engine.log = natives.log;
  engine.lastLine = natives.lastLine;
  engine.oneLine = oneLine;
})
