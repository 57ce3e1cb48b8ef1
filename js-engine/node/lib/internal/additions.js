// Why this file exists: what users of Node 20 expect of modules that are Node 10's: added to them when the base image is
// made, after all of them are loaded. Nothing that Node 10 has is changed, apart from one more encoding (base64url.js) and what URLs learnt (url_additions.js).
'use strict';
const { Buffer } = require('buffer');
const { expose } = engine.primordials;
const { node } = engine;
const { webcrypto, Crypto, CryptoKey, SubtleCrypto, randomUUID } = require('internal/webcrypto');
const { refuseAborted, whenAborted } = require('internal/abort');
const errors = require('internal/errors').codes;
require('internal/base64url');
require('internal/url_additions');

// Not enumerable: what goes over a module's names finds those of Node 10.
const add = (module, additions) => {
  const target = require(module);
  for (const name of Object.keys(additions)) {
    if (!(name in target)) Object.defineProperty(target, name, { value: additions[name], writable: true, configurable: true });
  }
};

const crypto = require('crypto');
const bytes = (value) => (typeof value === 'string' ? Buffer.from(value) : engine.bytesOf(value));
// What signs without the name of a hash, in the way of the key (Ed25519): the classes of Node 10 over another handle.
const inTheWayOfTheKey = (data) => {
  if (typeof data !== 'string' && !ArrayBuffer.isView(data) && !(data instanceof ArrayBuffer)) {
    throw new errors.ERR_INVALID_ARG_TYPE('data', ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], data);
  }
  const message = bytes(data);
  const handle = {
    sign: (key, passphrase, ...how) => Buffer.from(node.signMessage(message, bytes(key), passphrase, ...how)),
    verify: (key, signature, ...how) => node.verifyMessage(message, bytes(key), undefined, signature, ...how),
  };
  return { _handle: handle, sign: crypto.Sign.prototype.sign, verify: crypto.Verify.prototype.verify };
};
const isNone = (algorithm) => algorithm === null || algorithm === undefined;
const answered = (callback, work) => {
  if (callback === undefined) return work();
  let value;
  try {
    value = work();
  } catch (error) {
    process.nextTick(callback, error);
    return undefined;
  }
  process.nextTick(callback, null, value);
  return undefined;
};
const hkdfSync = function hkdfSync(digest, key, salt, info, length) {
  const hmac = (secret, data) => crypto.createHmac(digest, secret).update(data).digest();
  const secret = hmac(bytes(salt), bytes(key));
  if (length > 255 * secret.length) {
    const error = new RangeError('Invalid key length');
    error.code = 'ERR_CRYPTO_INVALID_KEYLEN';
    throw error;
  }
  const blocks = [];
  for (let at = 1, last = Buffer.alloc(0); blocks.length * secret.length < length; at++) {
    last = hmac(secret, Buffer.concat([last, bytes(info), Buffer.from([at])]));
    blocks.push(last);
  }
  return new Uint8Array(Buffer.concat(blocks).slice(0, length)).buffer;
};
add('crypto', {
  webcrypto,
  subtle: webcrypto.subtle,
  getRandomValues: function getRandomValues(array) {
    return webcrypto.getRandomValues(array);
  },
  randomUUID: function randomUUID_(options) {
    if (options !== undefined && (typeof options !== 'object' || options === null)) {
      throw new errors.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    return randomUUID();
  },
  randomInt: function randomInt(min, max, callback) {
    if (max === undefined || typeof max === 'function') return crypto.randomInt(0, min, max);
    for (const [name, value] of [['min', min], ['max', max]]) {
      if (!Number.isSafeInteger(value)) throw new errors.ERR_INVALID_ARG_TYPE(name, 'safe integer', value);
    }
    const range = max - min;
    if (!(range > 0)) throw new errors.ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
    if (range > 2 ** 48 - 1) throw new errors.ERR_OUT_OF_RANGE('max - min', '<= 281474976710655', range);
    return answered(callback, () => {
      // Numbers beyond the last whole multiple of the range would favour the small ones.
      const limit = 2 ** 48 - (2 ** 48 % range);
      for (;;) {
        const number = crypto.randomBytes(6).readUIntBE(0, 6);
        if (number < limit) return (number % range) + min;
      }
    });
  },
  hkdfSync,
  hkdf: function hkdf(digest, key, salt, info, length, callback) {
    if (typeof callback !== 'function') throw new errors.ERR_INVALID_CALLBACK();
    answered(callback, () => hkdfSync(digest, key, salt, info, length));
  },
  sign: function sign(algorithm, data, key, callback) {
    return answered(callback, () => (isNone(algorithm) ? inTheWayOfTheKey(data) : crypto.createSign(algorithm).update(data)).sign(key));
  },
  verify: function verify(algorithm, data, key, signature, callback) {
    return answered(callback, () =>
      (isNone(algorithm) ? inTheWayOfTheKey(data) : crypto.createVerify(algorithm).update(data)).verify(key, signature));
  },
});
Object.defineProperty(crypto.randomUUID, 'name', { value: 'randomUUID' });

const events = require('events');
const once = events.once;
events.once = function once_(emitter, name, options) {
  const signal = options?.signal;
  if (signal === undefined) return once(emitter, name);
  return new Promise((resolve, reject) => {
    refuseAborted(signal);
    const settle = (outcome, value) => {
      stop();
      emitter.removeListener(name, done);
      emitter.removeListener('error', fail);
      outcome(value);
    };
    const done = (...args) => settle(resolve, args);
    const fail = (error) => settle(reject, error);
    const stop = whenAborted(signal, fail);
    emitter.once(name, done);
    if (name !== 'error') emitter.once('error', fail);
  });
};
for (const [field, value] of [['name', 'once'], ['length', 2]]) Object.defineProperty(events.once, field, { value });
add('events', {
  // The events of an emitter one after the other, for `for await`.
  on: async function* on(emitter, name, options) {
    const signal = options?.signal;
    const waiting = [];
    let failure;
    let wake = () => {};
    const keep = (...args) => {
      waiting.push(args);
      wake();
    };
    const fail = (error) => {
      failure = { error };
      wake();
    };
    refuseAborted(signal);
    const stop = whenAborted(signal, fail);
    emitter.on(name, keep);
    if (name !== 'error') emitter.on('error', fail);
    try {
      for (;;) {
        if (waiting.length > 0) yield waiting.shift();
        else if (failure !== undefined) throw failure.error;
        else await new Promise((resolve) => (wake = resolve));
      }
    } finally {
      stop();
      emitter.removeListener(name, keep);
      emitter.removeListener('error', fail);
    }
  },
  getEventListeners: function getEventListeners(emitter, name) {
    return emitter.listeners(name);
  },
});

const ESCAPES = /[\u001b\u009b][[\]()#;?]*(?:(?:(?:;[-\w/#&.:=?%@~]*)*)?\u0007|(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~])/g;
add('util', {
  parseArgs: require('internal/arguments'),
  stripVTControlCharacters: function stripVTControlCharacters(text) {
    if (typeof text !== 'string') throw new errors.ERR_INVALID_ARG_TYPE('str', 'string', text);
    return text.replace(ESCAPES, '');
  },
  styleText: function styleText(format, text) {
    const { colors } = require('util').inspect;
    let styled = text;
    for (const name of [].concat(format).reverse()) {
      if (!Object.hasOwn(colors, name)) throw new errors.ERR_INVALID_ARG_VALUE('format', name);
      styled = `\u001b[${colors[name][0]}m${styled}\u001b[${colors[name][1]}m`;
    }
    return styled;
  },
  toUSVString: function toUSVString(text) {
    return `${text}`.toWellFormed();
  },
});

const assert = require('assert');
const matching = (name, isWanted) =>
  ({
    [name](text, pattern, message) {
      if (typeof text === 'string' && pattern.test(text) === isWanted) return;
      if (message instanceof Error) throw message;
      const said = isWanted ? 'The input did not match the regular expression ' : 'The input was expected to not match the regular expression ';
      const inspect = require('util').inspect;
      throw new assert.AssertionError({
        actual: text,
        expected: pattern,
        message: message ?? `${said}${inspect(pattern)}. Input:\n\n${inspect(text)}\n`,
        operator: name,
        stackStartFn: assert[name],
      });
    },
  })[name];
for (const which of [assert, assert.strict]) {
  Object.defineProperty(which, 'match', { value: matching('match', true), writable: true, configurable: true });
  Object.defineProperty(which, 'doesNotMatch', { value: matching('doesNotMatch', false), writable: true, configurable: true });
}

add('buffer', {
  atob: globalThis.atob,
  btoa: globalThis.btoa,
  isAscii: function isAscii(data) {
    return Buffer.from(engine.bytesOf(data)).every((byte) => byte < 128);
  },
  isUtf8: function isUtf8(data) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(data);
      return true;
    } catch {
      return false;
    }
  },
});
add('os', {
  availableParallelism: function availableParallelism() {
    return 1;
  },
  devNull: '/dev/null',
});
add('stream', { promises: require('stream/promises') });
add('timers', { promises: require('timers/promises') });
add('zlib', {
  crc32: function crc32(data, value = 0) {
    return node.crc32(typeof data === 'string' ? Buffer.from(data) : engine.bytesOf(data), value);
  },
});

expose('crypto', webcrypto);
expose('Crypto', Crypto);
expose('CryptoKey', CryptoKey);
expose('SubtleCrypto', SubtleCrypto);
