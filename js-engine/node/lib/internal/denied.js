// Why this file exists: modules that a lambda can require and whose functions it cannot call. They look like Node's, so
// that packages which merely mention them load; each call says what it is that is not there.
'use strict';
const { denied } = require('internal/tables');
const unavailable = require('internal/unavailable');

const REASONS = {
  __proto__: null,
  child_process: 'there are no other processes',
  cluster: 'there are no other processes',
  dgram: 'there are no sockets; HTTP requests go through `http`, `https` or a package on top of them',
  dns: 'the platform resolves the names of HTTP requests itself',
  http2: 'HTTP requests go through `http`, `https` or a package on top of them',
  net: 'there are no sockets; HTTP requests go through `http`, `https` or a package on top of them',
  tls: 'there are no sockets; HTTPS requests go through `https` or a package on top of it',
  zlib: 'the platform has no compression of its own yet; `fetch` undoes what it receives',
};

// What needs nothing from outside works.
const GIVEN = {
  __proto__: null,
  net: () => {
    const { isIP, isIPv4, isIPv6 } = require('internal/net');
    return { isIP, isIPv4, isIPv6 };
  },
};

module.exports = (name) => {
  const reason = REASONS[name] ?? 'it has no meaning here';
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
