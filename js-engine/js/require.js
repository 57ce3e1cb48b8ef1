// Why this file exists: `require`, and what happens to a lambda's source when it is frozen. CommonJS as in Node:
// a cache, `module.exports`, cycles, errors with a code. Only built-in modules can be found.
(function modules(engine) {
  'use strict';
  const { entries } = engine;
  const { apply, Error, TypeError, ownKeys, stringSlice, stringStartsWith } = engine.primordials;

  // name -> function (exports, require, module). A module is evaluated when it is first required.
  const builtins = {
    __proto__: null,
    process: (exports, require, module) => {
      module.exports = engine.process;
    },
    console: (exports, require, module) => {
      module.exports = console;
    },
    timers: (exports) => {
      for (const name in engine.timers) exports[name] = engine.timers[name];
    },
  };
  engine.defineModule = (name, evaluate) => {
    builtins[name] = evaluate;
  };

  const cache = { __proto__: null };

  function Module(id, parent) {
    this.id = id;
    this.exports = {};
    this.parent = parent;
    this.filename = id;
    this.loaded = false;
    this.children = [];
    this.paths = [];
  }

  const notFound = (name) => {
    let available = '';
    const names = ownKeys(builtins);
    for (let i = 0; i < names.length; i++) available += (i === 0 ? '' : ', ') + names[i];
    const error = new Error(
      "Cannot find module '" + name + "'. Available here: " + available + ". " +
        "Anything else has to be bundled into the lambda's source."
    );
    error.code = 'MODULE_NOT_FOUND';
    return error;
  };

  const resolve = (name) => {
    if (typeof name !== 'string') {
      const error = new TypeError('The "id" argument must be of type string. Received type ' + typeof name);
      error.code = 'ERR_INVALID_ARG_TYPE';
      throw error;
    }
    const plain = stringStartsWith(name, 'node:') ? stringSlice(name, 5) : name;
    if (!(plain in builtins)) throw notFound(name);
    return plain;
  };

  const requireFor = (parent) => {
    const require = function require(name) {
      const id = resolve(name);
      const known = cache[id];
      if (known !== undefined) return known.exports;
      const module = new Module(id, parent);
      cache[id] = module;
      try {
        apply(builtins[id], module.exports, [module.exports, requireFor(module), module]);
      } catch (error) {
        delete cache[id];
        throw error;
      }
      module.loaded = true;
      return module.exports;
    };
    require.resolve = function (name) {
      return resolve(name);
    };
    require.cache = cache;
    require.main = undefined;
    return require;
  };

  engine.require = requireFor(null);

  entries.beginTopLevel = () => {
    engine.watchEnvironment(true);
    engine.beginTopLevel();
  };

  // What the top level left behind. Timers that do not keep the event loop alive are dropped: they would be long due
  // by the time the lambda is invoked.
  entries.endTopLevel = () => {
    engine.watchEnvironment(false);
    const uncaught = engine.endTopLevel();
    const leftover = {
      __proto__: null,
      hasError: uncaught !== undefined,
      error: uncaught?.error,
      hasTimers: engine.hasTimers(),
      hasRejections: engine.hasRejections(),
      reason: engine.firstRejection(),
    };
    engine.resetTimers();
    engine.resetConsole();
    return leftover;
  };

  // Back to the state before any lambda, after the warm-up.
  entries.reset = () => {
    engine.resetTimers();
    engine.resetConsole();
    engine.resetCallback();
  };

  // Evaluates a lambda's top level; `wrapper` is the compiled function around its source (src/freeze.rs).
  entries.load = (wrapper) => {
    const main = new Module('.', null);
    main.filename = '/lambda.js';
    const require = requireFor(main);
    require.main = main;
    const lambda = apply(wrapper, main.exports, [main.exports, require, main, '/lambda.js', '/']);
    main.loaded = true;
    if (typeof lambda !== 'function') return false;
    engine.adopt(lambda);
    return true;
  };
})
