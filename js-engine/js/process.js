// Why this file exists: `process`, `global`, `performance` - what Node code expects to find about the world around it.
(function processObject(engine) {
  'use strict';
  const { entries, natives } = engine;
  const { defineProperty, deleteProperty, expose, hasOwn, ownKeys, BigInt, Error } = engine.primordials;
  const { Proxy, String, TypeError, Symbol } = engine.primordials;

  // Like Node's: whatever is assigned becomes a string.
  const variables = {};
  const handler = {
    __proto__: null,
    set(target, name, value) {
      if (typeof name === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
      return define(target, name, String(value));
    },
    defineProperty(target, name, descriptor) {
      return define(target, name, hasOwn(descriptor, 'value') ? String(descriptor.value) : '');
    },
    // Only while a lambda's top level runs: what it reads then is frozen into the image.
    get: undefined,
  };
  const define = (target, name, value) =>
    defineProperty(target, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });

  entries.environment = (values) => {
    const old = ownKeys(variables);
    for (let i = 0; i < old.length; i++) deleteProperty(variables, old[i]);
    const names = ownKeys(values);
    for (let i = 0; i < names.length; i++) define(variables, names[i], String(values[names[i]]));
  };
  engine.watchEnvironment = (isWatched) => {
    handler.get = isWatched
      ? (target, name) => {
          if (typeof name === 'string' && hasOwn(target, name)) natives.warnEnvironment();
          return target[name];
        }
      : undefined;
  };

  const refuse = (name, reason) => {
    const error = new Error('process.' + name + '() is not available in a lambda: ' + reason);
    error.code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';
    throw error;
  };

  const hrtime = function hrtime(previous) {
    const nanoseconds = natives.uptime() * 1e6;
    let seconds = (nanoseconds - (nanoseconds % 1e9)) / 1e9;
    let rest = (nanoseconds % 1e9) | 0;
    if (previous !== undefined) {
      seconds -= previous[0];
      rest -= previous[1];
      if (rest < 0) {
        seconds -= 1;
        rest += 1e9;
      }
    }
    return [seconds, rest];
  };
  hrtime.bigint = function bigint() {
    return BigInt(natives.uptime() * 1e6 - ((natives.uptime() * 1e6) % 1));
  };

  const process = {
    title: 'lambkin',
    version: 'v10.24.1',
    versions: { node: '10.24.1', quickjs: natives.quickjsVersion, lambkin: natives.lambkinVersion },
    release: { name: 'node' },
    platform: 'linux',
    arch: 'wasm32',
    pid: 1,
    ppid: 0,
    argv: ['node', '/lambda.js'],
    argv0: 'node',
    execArgv: [],
    execPath: '/lambkin',
    exitCode: undefined,
    features: {},
    config: {},
    env: new Proxy(variables, handler),
    nextTick: engine.nextTick,
    hrtime,
    uptime: function uptime() {
      return natives.uptime() / 1000;
    },
    cwd: function cwd() {
      return '/';
    },
    chdir: function chdir() {
      refuse('chdir', 'there is no file system');
    },
    umask: function umask() {
      return 0o22;
    },
    memoryUsage: function memoryUsage() {
      const { total, used } = natives.memory();
      return { rss: total, heapTotal: total, heapUsed: used, external: 0 };
    },
    cpuUsage: function cpuUsage() {
      return { user: natives.uptime() * 1000, system: 0 };
    },
    exit: function exit() {
      refuse('exit', 'call the callback, or throw, to end an invocation');
    },
    abort: function abort() {
      refuse('abort', 'throw an error to end an invocation');
    },
    kill: function kill() {
      refuse('kill', 'there are no other processes');
    },
    binding: function binding() {
      refuse('binding', 'there are no native bindings');
    },
    emitWarning: function emitWarning(warning) {
      natives.log(natives.WARN, natives.isError(warning) ? engine.headline(warning) : warning, []);
    },
  };
  defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true });

  const performance = {
    now: function now() {
      return natives.uptime();
    },
    get timeOrigin() {
      return natives.started();
    },
    toJSON: function toJSON() {
      return { timeOrigin: natives.started() };
    },
  };
  defineProperty(performance, Symbol.toStringTag, { value: 'Performance', configurable: true });

  expose('process', process);
  expose('performance', performance);
  expose('global', globalThis);
  defineProperty(Math, 'random', { value: natives.random, writable: true, enumerable: false, configurable: true });
  engine.process = process;
})
