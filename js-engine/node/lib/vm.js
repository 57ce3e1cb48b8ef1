// Why this file exists: `vm` as far as it makes sense without contexts of its own: code runs in the global scope.
'use strict';
const { ERR_INVALID_ARG_TYPE } = require('internal/errors').codes;
const evaluate = eval;

function refuse(name) {
  return function () {
    const what = 'vm.' + name + '() is not available in a lambda: there is one global scope; use vm.runInThisContext()';
    const error = new Error(what);
    error.code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';
    throw error;
  };
}

class Script {
  #code;
  constructor(code) {
    this.#code = String(code);
    // Syntax errors are thrown here, as in Node.
    new Function(this.#code);
  }
  runInThisContext() {
    return evaluate(this.#code);
  }
  runInContext() {
    refuse('Script.runInContext')();
  }
  runInNewContext() {
    refuse('Script.runInNewContext')();
  }
}

module.exports = {
  Script,
  createContext: refuse('createContext'),
  createScript: (code) => new Script(code),
  runInContext: refuse('runInContext'),
  runInNewContext(code, sandbox, options) {
    // With this the library finds out who calls `new Buffer`, and does not warn when it is a package: nor does it here.
    if (options && options.filename === 'structured-stack') return () => [{ getFileName: () => '/node_modules/_' }];
    return refuse('runInNewContext')();
  },
  runInThisContext(code) {
    if (typeof code !== 'string') throw new ERR_INVALID_ARG_TYPE('code', 'string', code);
    return evaluate(code);
  },
  isContext: () => false,
};
