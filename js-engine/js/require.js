// Why this file exists: `require`, and what happens to a lambda's source when it is frozen. CommonJS as in Node:
// a cache, `module.children`, cycles, errors with a code. Found are Node's modules and the packages of the platform.
(function modules(engine) {
  'use strict';
  const { entries } = engine;
  const { apply, arrayPush, Error, TypeError, hasOwn, ownKeys, stringLastIndexOf, stringSlice, stringStartsWith } =
    engine.primordials;

  const { coreModules, library } = engine;
  // Of packages, packed by node/pack.mjs: the main file of each, and for each file what its `require`s mean.
  const { byMember, mains, dependencies } = library['lambkin:packages']();

  const cache = { __proto__: null };

  function Module(id, parent) {
    this.id = id;
    this.exports = {};
    this.parent = parent;
    this.filename = id;
    this.loaded = false;
    this.children = [];
    this.paths = [];
    if (parent) arrayPush(parent.children, this);
  }

  // Without their single files.
  const packages = [];
  const packed = ownKeys(mains);
  for (let i = 0; i < packed.length; i++) {
    if (stringLastIndexOf(packed[i], '/') === -1) arrayPush(packages, packed[i]);
  }
  const own = [];
  const listed = (names) => {
    let list = '';
    for (let i = 0; i < names.length; i++) list += (i === 0 ? '' : ', ') + names[i];
    return list;
  };
  const notFound = (name) => {
    const error = new Error(
      "Cannot find module '" + name + "'. Available here: " + listed(engine.availableModules()) +
        (packages.length === 0 ? '' : ', ' + listed(packages)) +
        (own.length === 0 ? '' : ', ' + listed(own)) +
        '. Anything else has to be bundled into the lambda\'s source.'
    );
    error.code = 'MODULE_NOT_FOUND';
    return error;
  };

  // A package's files that are functions of its main file are not packed: `lodash/get` is `get` of `lodash`.
  const members = { __proto__: null };
  const memberFile = (name) => {
    for (let i = 0; i < byMember.length; i++) {
      if (!stringStartsWith(name, byMember[i] + '/')) continue;
      const rest = stringSlice(name, byMember[i].length + 1);
      const member = stringSlice(rest, -3) === '.js' ? stringSlice(rest, 0, -3) : rest;
      const main = mains[byMember[i]];
      const all = load(main, root);
      if (!hasOwn(all, member) || typeof all[member] !== 'function') continue;
      const file = stringSlice(main, 0, stringLastIndexOf(main, '/') + 1) + member + '.js';
      members[file] = { __proto__: null, main, member };
      return file;
    }
    return undefined;
  };

  // The name of a core module, or the file a package's module is in.
  const resolve = (name, parent) => {
    if (typeof name !== 'string') {
      const error = new TypeError('The "id" argument must be of type string. Received type ' + typeof name);
      error.code = 'ERR_INVALID_ARG_TYPE';
      throw error;
    }
    const known = dependencies[parent.filename];
    const packed = known === undefined ? undefined : known[name];
    if (packed !== undefined) return packed;
    const plain = stringStartsWith(name, 'node:') ? stringSlice(name, 5) : name;
    if (plain in coreModules) return plain;
    if (name in mains) return mains[name];
    const file = memberFile(name);
    if (file !== undefined) return file;
    throw notFound(name);
  };

  const load = (file, parent) => {
    const known = cache[file];
    if (known !== undefined) return known.exports;
    const module = new Module(file, parent);
    cache[file] = module;
    let isDone = false;
    try {
      const part = members[file];
      if (part === undefined) {
        const folder = stringSlice(file, 0, stringLastIndexOf(file, '/'));
        apply(library[file], module.exports, [module.exports, requireFor(module), module, file, folder]);
      } else {
        module.exports = load(part.main, module)[part.member];
      }
      isDone = true;
    } finally {
      if (!isDone) delete cache[file];
    }
    module.loaded = true;
    return module.exports;
  };

  const requireFor = (parent) => {
    const require = function require(name) {
      const id = resolve(name, parent);
      return id in coreModules ? coreModules[id]() : load(id, parent);
    };
    require.resolve = function (name) {
      return resolve(name, parent);
    };
    require.cache = cache;
    require.main = undefined;
    return require;
  };

  // Packages are evaluated here, into the base image: to require one costs a lambda next to nothing.
  const root = new Module('.', null);
  for (let i = 0; i < packed.length; i++) load(mains[packed[i]], root);
  engine.requireCore('internal/unseen_requests')(load(mains['request-promise-native'], root));
  engine.require = requireFor(root);

  // A module of the engine's own, evaluated when it is first required.
  engine.defineModule = (name, evaluate) => {
    let module;
    coreModules[name] = () => {
      if (module === undefined) {
        module = new Module(name, undefined);
        apply(evaluate, module.exports, [module.exports, engine.require, module]);
        module.loaded = true;
      }
      return module.exports;
    };
    arrayPush(own, name);
  };

  // Small buffers share a piece of memory that lives as long as any of them, with what was in the others: a secret that
  // the top level let go of would stay in the image. So each has its own there. Any size below 2 turns the sharing off;
  // this is one that a lambda does not set itself.
  const { Buffer } = engine.requireCore('buffer');
  const { poolSize } = Buffer;
  const NOT_SHARED = 1;

  entries.beginTopLevel = () => {
    Buffer.poolSize = NOT_SHARED;
    engine.watchEnvironment(true);
    engine.beginTopLevel();
  };

  // What the top level left behind. Timers that do not keep the event loop alive are dropped: they would be long due
  // by the time the lambda is invoked.
  entries.endTopLevel = () => {
    engine.watchEnvironment(false);
    if (Buffer.poolSize === NOT_SHARED) Buffer.poolSize = poolSize;
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

  // After an invocation: may there be another? Then it begins on what the lambda keeps.
  entries.renew = () => {
    if (!engine.forgetInvocation()) return false;
    engine.dropTimers();
    engine.forgetOperations();
    return true;
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
