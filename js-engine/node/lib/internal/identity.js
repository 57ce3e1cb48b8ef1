// Why this file exists: what Node's `https` is told about certificates, as the host takes it (js/operations.js).
'use strict';
const unavailable = require('internal/unavailable');

// One text of what may be a text, bytes, or several of them.
const pem = (given) => {
  if (given === undefined || given === null) return undefined;
  const all = Array.isArray(given) ? given : [given];
  return all.map((one) => String(one?.pem ?? one)).join('\n');
};

// Undefined when the options say nothing about it.
exports.of = (options) => {
  const { key, cert, ca, pfx, passphrase, rejectUnauthorized } = options;
  if (pfx !== undefined && pfx !== null) {
    throw unavailable('a certificate in a PFX file', 'give `key` and `cert` as PEM texts');
  }
  if (passphrase !== undefined && passphrase !== null) {
    throw unavailable('a key with a passphrase', 'keep the key without one in the secrets');
  }
  const identity = { __proto__: null, key: pem(key), cert: pem(cert), ca: pem(ca) };
  identity.allowSelfSigned = rejectUnauthorized === false;
  const says = identity.key ?? identity.cert ?? identity.ca;
  return says === undefined && !identity.allowSelfSigned ? undefined : identity;
};
