// Why this file exists: Node 10's own library (node/), loaded the way Node loads it: each file is a function, evaluated
// when it is first asked for, which is while the base image is made. Files of ours in node/lib replace Node's.
(function coreModules(engine) {
  'use strict';
  const { library } = engine;
  const { apply, arrayPush, ownKeys, stringLastIndexOf, stringStartsWith, Error } = engine.primordials;

  // What a lambda may require by name, and what of it is there only to say that it is not available: node/modules.json.
  const { modules: PUBLIC, refused } = library['lambkin:modules']();
  const DENIED = ownKeys(refused);

  const loaded = { __proto__: null };
  const find = (id) => library['lambkin:' + id] ?? library['node:' + id];

  // `process` for Node's library: the lambda's own, with what it must not have.
  const process = { __proto__: engine.process };
  process.versions = { __proto__: engine.process.versions, openssl: '1.1.1k' };
  process.binding = (name) => requireCore('internal/bindings').binding(name);

  const requireCore = (id) => {
    const known = loaded[id];
    if (known !== undefined) return known.exports;
    const evaluate = find(id);
    if (evaluate === undefined && id in denied) return denied[id]();
    if (evaluate === undefined) {
      const error = new Error('No such built-in module: ' + id);
      error.code = 'ERR_UNKNOWN_BUILTIN_MODULE';
      throw error;
    }
    const module = { __proto__: null, exports: {}, id, loaded: false };
    loaded[id] = module;
    apply(evaluate, module.exports, [module.exports, requireCore, module, process, process.binding, engine]);
    module.loaded = true;
    return module.exports;
  };

  const denied = { __proto__: null };
  const names = { __proto__: null };
  for (let i = 0; i < PUBLIC.length; i++) names[PUBLIC[i]] = () => requireCore(PUBLIC[i]);
  for (let i = 0; i < DENIED.length; i++) {
    const name = DENIED[i];
    let module;
    names[name] = denied[name] = () => (module ??= requireCore('internal/denied')(name, refused[name]));
  }

  engine.hasCoreFile = (id) => find(id) !== undefined;
  engine.requireCore = requireCore;
  engine.coreModules = names;

  requireCore('internal/setup');
  for (let i = 0; i < PUBLIC.length; i++) requireCore(PUBLIC[i]);
  requireCore('internal/additions');
  engine.availableModules = () => {
    const list = [];
    for (let i = 0; i < PUBLIC.length; i++) {
      // Not every way to write a name.
      if (!stringStartsWith(PUBLIC[i], '_') && stringLastIndexOf(PUBLIC[i], '/') < 0) arrayPush(list, PUBLIC[i]);
    }
    return list;
  };
})
