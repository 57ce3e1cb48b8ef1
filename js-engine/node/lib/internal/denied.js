// Why this file exists: modules that a lambda can require and whose functions it cannot call. They look like Node's, so
// that packages which merely mention them load; each call says what it is that is not there.
'use strict';
const { denied } = require('internal/tables');
const unavailable = require('internal/unavailable');

// What needs nothing from outside works.
const GIVEN = {
  __proto__: null,
  net: () => {
    const { isIP, isIPv4, isIPv6 } = require('internal/net');
    return { isIP, isIPv4, isIPv6 };
  },
};

module.exports = (name, reason) => {
  const refuse = (what) => {
    throw unavailable(name + '.' + what + '()', reason);
  };
  const module = {};
  for (const [key, kind] of denied[name]) {
    if (kind !== 'function') module[key] = kind;
    // A function of the old kind: packages inherit from these.
    else module[key] = { [key]: function () { refuse(key); } }[key];
  }
  return Object.assign(module, GIVEN[name]?.());
};
