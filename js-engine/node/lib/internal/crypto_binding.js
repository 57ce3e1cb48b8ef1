// Why this file exists: the classes and functions Node's `crypto` asks its binding for, over the natives of
// src/node/crypto.rs.
'use strict';
const { node } = engine;
const { Buffer } = require('buffer');

// Text in an encoding, or bytes of any kind, as bytes.
const bytes = (data, encoding) => {
  if (typeof data !== 'string') return engine.bytesOf(data);
  return Buffer.from(data, Buffer.isEncoding(encoding) ? encoding : 'utf8');
};
const wrap = (memory) => Buffer.from(memory);
const shown = (memory, encoding) => {
  const buffer = wrap(memory);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
};

class Hash {
  constructor(algorithm) {
    this.number = node.hashStart(algorithm);
    if (this.number === undefined) throw new Error('Digest method not supported');
  }
  update(data, encoding) {
    return node.workUpdate(this.number, bytes(data, encoding));
  }
  digest(encoding) {
    return shown(node.workFinish(this.number), encoding);
  }
}

class Hmac {
  init(algorithm, key) {
    this.number = node.hmacStart(algorithm, bytes(key));
    if (this.number === undefined) throw new Error('Unknown message digest');
  }
  update(data, encoding) {
    return node.workUpdate(this.number, bytes(data, encoding));
  }
  digest(encoding) {
    return shown(node.workFinish(this.number), encoding);
  }
}

const GCM_TAGS = [4, 8, 12, 13, 14, 15, 16];

class CipherBase {
  constructor(encrypts) {
    this.encrypts = encrypts;
  }
  init(name, password, tagLength) {
    // A password gives the same key stream every time.
    if (this.encrypts && /-(ctr|gcm|ccm)$/i.test(name)) process.emitWarning('Use Cipheriv for counter mode of ' + name);
    this.begin(name, tagLength, () => node.cipherPassword(name, bytes(password), this.encrypts, tagLength));
  }
  initiv(name, key, iv, tagLength) {
    const start = () => node.cipherStart(name, bytes(key), iv === null ? null : bytes(iv), this.encrypts, tagLength);
    this.begin(name, tagLength, start);
  }
  begin(name, tagLength, start) {
    this.isGcm = /-gcm$/i.test(name);
    this.number = this.tagChecked(tagLength, start, name);
  }
  // Does something that depends on a tag's length; Node names the length, or the cipher, in what it says of that.
  tagChecked(length, work, name) {
    try {
      return work();
    } catch (error) {
      if (error.message === 'authTagLength required') error.message += ' for ' + name;
      else if (error.message === 'Invalid authentication tag length' && this.isGcm) {
        error.message = 'Invalid GCM authentication tag length: ' + length;
      }
      throw error;
    }
  }
  update(data, encoding) {
    return wrap(node.cipherUpdate(this.number, bytes(data, encoding)));
  }
  final() {
    return wrap(node.cipherFinish(this.number));
  }
  setAutoPadding(isPadded) {
    return node.cipherPadding(this.number, isPadded);
  }
  getAuthTag() {
    const tag = node.cipherTag(this.number);
    return tag === undefined ? undefined : wrap(tag);
  }
  setAuthTag(tag) {
    const { length } = bytes(tag);
    const isSet = this.tagChecked(length, () => node.cipherSetTag(this.number, bytes(tag)));
    // Such a tag is not believed in the end.
    if (isSet && this.isGcm && !GCM_TAGS.includes(length)) {
      const text = 'Permitting authentication tag lengths of ' + length + ' bytes is deprecated. ';
      process.emitWarning(text + 'Valid GCM tag lengths are 4, 8, 12, 13, 14, 15, 16.', 'DeprecationWarning', 'DEP0090');
    }
    return isSet;
  }
  setAAD(data, length) {
    return node.cipherAssociated(this.number, bytes(data), length);
  }
}

// A signature is over a hash; `RSA-SHA256` and `sha256WithRSAEncryption` are names of hashes here.
class Signature {
  init(algorithm) {
    this.algorithm = algorithm === 'dss1' || algorithm === 'DSS1' ? 'sha1' : algorithm;
    this.number = node.hashStart(this.algorithm);
    if (this.number === undefined) throw new Error('Unknown message digest');
  }
  update(data, encoding) {
    node.workUpdate(this.number, bytes(data, encoding));
  }
}
class Sign extends Signature {
  sign(key, passphrase, padding, salt) {
    return wrap(node.sign(this.number, this.algorithm, bytes(key), phrase(passphrase), padding, salt));
  }
}
class Verify extends Signature {
  verify(key, signature, padding, salt) {
    return node.verify(this.number, this.algorithm, bytes(key), bytes(signature), padding, salt);
  }
}

class ECDH {
  constructor(curve) {
    this.curve = curve;
    if (CURVES.includes(curve)) return;
    const error = new TypeError('First argument should be a valid curve name');
    error.code = 'ERR_INVALID_ARG_VALUE';
    throw error;
  }
  generateKeys() {
    this.publicKey = undefined;
    this.privateKey = node.curve(this.curve, 'generate');
  }
  computeSecret(other) {
    return wrap(node.curve(this.curve, 'agree', this.privateKey, bytes(other)));
  }
  getPrivateKey() {
    if (this.privateKey === undefined) throw new Error('Failed to get ECDH private key');
    return wrap(this.privateKey);
  }
  getPublicKey(form) {
    if (this.publicKey !== undefined) return wrap(node.curve(this.curve, 'convert', this.publicKey, undefined, form));
    if (this.privateKey === undefined) throw new Error('Failed to get ECDH public key');
    return wrap(node.curve(this.curve, 'public', this.privateKey, undefined, form));
  }
  setPrivateKey(key) {
    this.privateKey = node.curve(this.curve, 'check', bytes(key));
    this.publicKey = undefined;
  }
  // Deprecated, and it may contradict the private key: nothing but getPublicKey() looks at it.
  setPublicKey(key) {
    this.publicKey = convertKey(key, this.curve, UNCOMPRESSED);
  }
}

class Group {
  constructor(what, args) {
    const [prime, generator, flaws] = node.diffieHellman(what, args);
    this.prime = prime;
    this.generator = generator;
    this.verifyError = flaws;
  }
  ask(what, ...args) {
    return node.diffieHellman(what, [this.prime, this.generator, ...args])[0];
  }
  generateKeys() {
    this.privateKey ??= this.ask('private');
    this.publicKey = this.ask('public', this.privateKey);
    return wrap(this.publicKey);
  }
  computeSecret(other) {
    return wrap(this.ask('agree', this.privateKey, bytes(other)));
  }
  getPrime() {
    return wrap(this.prime);
  }
  getGenerator() {
    return wrap(this.generator);
  }
  getPublicKey() {
    return wrap(this.publicKey);
  }
  getPrivateKey() {
    return wrap(this.privateKey);
  }
  setPublicKey(key) {
    this.publicKey = bytes(key).slice();
  }
  setPrivateKey(key) {
    this.privateKey = bytes(key).slice();
  }
}
function DiffieHellman(sizeOrPrime, generator) {
  const number = typeof generator === 'number' ? Uint8Array.of(generator) : generator;
  if (typeof sizeOrPrime === 'number') return new Group('generate', [sizeOrPrime, bytes(number)[0] ?? 2]);
  return new Group('check', [bytes(sizeOrPrime), bytes(number)]);
}
function DiffieHellmanGroup(name) {
  return new Group('name', [name]);
}

// With a `wrap` the answer comes later; the work itself is done at once, there is no other thread.
const later = (request, ...answer) => {
  setImmediate(() => request.ondone(...answer));
};
const fill = (target, memory) => {
  bytes(target).set(new Uint8Array(memory));
};

// What the C++ of Node does with a passphrase that is neither text nor bytes.
const phrase = (value) =>
  value === undefined || value === null || typeof value === 'string' || ArrayBuffer.isView(value) ? value : String(value);

// OpenSSL's number for the form of a point.
const UNCOMPRESSED = 4;
function convertKey(key, curve, form) {
  if (!CURVES.includes(curve)) throw new TypeError('Invalid ECDH curve name');
  try {
    return wrap(node.curve(curve, 'convert', bytes(key), undefined, form));
  } catch {
    throw new Error('Failed to convert Buffer to EC_POINT');
  }
}

const CURVES = ['prime256v1', 'secp256k1', 'secp384r1', 'secp521r1'];

// Names that only those who make keys may use.
const NIST = ['P-256', 'P-384', 'P-521'];

// The numbers of structures and formats, as in Node.
const KEYS = {
  OPENSSL_EC_EXPLICIT_CURVE: 0,
  OPENSSL_EC_NAMED_CURVE: 1,
  PK_ENCODING_PKCS1: 0,
  PK_ENCODING_PKCS8: 1,
  PK_ENCODING_SPKI: 2,
  PK_ENCODING_SEC1: 3,
  PK_FORMAT_DER: 0,
  PK_FORMAT_PEM: 1,
};
const makePair = (kind, numbers, publicType, publicFormat, privateType, privateFormat, cipher, passphrase, request) => {
  const name = cipher ?? undefined;
  if (name !== undefined && !node.cipherNames.includes(name.toLowerCase())) throw new Error('Unknown cipher');
  const secret = name === undefined ? undefined : bytes(passphrase);
  const shape = (memory, format) => (format === KEYS.PK_FORMAT_PEM ? wrap(memory).toString() : wrap(memory));
  let answer;
  try {
    const written = [publicType, publicFormat, privateType, privateFormat];
    const protection = name === undefined ? [] : [name, secret];
    const [publicKey, privateKey] = node.keyPair(kind, numbers, written, ...protection);
    answer = [undefined, shape(publicKey, publicFormat), shape(privateKey, privateFormat)];
  } catch (error) {
    answer = [error];
  }
  if (request === undefined) return answer;
  later(request, ...answer);
  return undefined;
};
const notOffered = (what) => {
  const reason = 'make them elsewhere and keep them as a secret';
  const error = new Error(what + ' cannot be made in a lambda: ' + reason);
  error.code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';
  throw error;
};

module.exports = {
  ...KEYS,
  generateKeyPairRSA: (bits, exponent, ...rest) => makePair('rsa', [bits, exponent], ...rest),
  generateKeyPairDSA: (bits, divisor, ...rest) => makePair('dsa', divisor < 0 ? [bits] : [bits, divisor], ...rest),
  generateKeyPairEC(curve, encoding, ...rest) {
    if (!CURVES.includes(curve) && !NIST.includes(curve)) throw new TypeError('Invalid ECDH curve name');
    if (encoding !== KEYS.OPENSSL_EC_NAMED_CURVE) notOffered('Keys with explicit parameters of their curve');
    return makePair(curve, [], ...rest);
  },
  Hash,
  Hmac,
  CipherBase,
  Sign,
  Verify,
  ECDH,
  DiffieHellman,
  DiffieHellmanGroup,
  ECDHConvertKey: convertKey,
  getCiphers: () => node.cipherNames.slice(),
  getHashes: () => node.hashNames.slice(),
  getCurves: () => CURVES.slice(),
  getSSLCiphers: () => [],
  getFipsCrypto: () => 0,
  setFipsCrypto() {},
  // There are none; `crypto` makes an error of it.
  setEngine: () => false,
  timingSafeEqual: (a, b) => node.equalInTime(bytes(a), bytes(b)),
  randomBytes(target, offset, size, request) {
    node.randomFill(bytes(target), offset, size);
    if (request !== undefined) later(request, null);
  },
  pbkdf2(target, password, salt, iterations, digest, request) {
    const key = node.pbkdf2(digest, bytes(password), bytes(salt), iterations, target.length);
    if (key === undefined) return -1;
    fill(target, key);
    if (request !== undefined) later(request, true);
    return true;
  },
  scrypt(target, password, salt, N, r, p, maxmem, request) {
    const key = node.scrypt(bytes(password), bytes(salt), [N, r, p, maxmem, target.length]);
    if (key === undefined) {
      // OpenSSL has words for what needs too much, and none for what makes no sense.
      if (N < 2 || (N & (N - 1)) !== 0 || r === 0 || p === 0) return null;
      return new Error('error:060B50AC:digital envelope routines:EVP_PBE_scrypt:memory limit exceeded');
    }
    fill(target, key);
    if (request !== undefined) later(request);
    return undefined;
  },
  certVerifySpkac: (spkac) => node.spkac('verify', bytes(spkac)) ?? false,
  certExportPublicKey: (spkac) => exported('key', spkac),
  certExportChallenge: (spkac) => exported('challenge', spkac),
};

function exported(what, spkac) {
  const memory = node.spkac(what, bytes(spkac));
  return memory === undefined ? '' : wrap(memory);
}
for (const what of ['publicEncrypt', 'publicDecrypt', 'privateEncrypt', 'privateDecrypt']) {
  module.exports[what] = (key, data, padding, passphrase) =>
    wrap(node.rsa(what, bytes(key), bytes(data), padding, phrase(passphrase)));
}
