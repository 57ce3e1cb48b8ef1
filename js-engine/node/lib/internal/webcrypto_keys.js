// Why this file exists: the keys of WebCrypto: what is in one, and the formats they come and go in. The operations are
// in webcrypto.js. Standard: www.w3.org/TR/WebCryptoAPI.
'use strict';
const { Buffer } = require('buffer');
const asn1 = require('internal/asn1');
const { node } = engine;
const { DOMException } = engine.primordials;

const fail = (name, message) => {
  throw new DOMException(message, name);
};
const wrongType = (code, message) => {
  const error = new TypeError(message);
  error.code = code;
  throw error;
};
// A copy: the caller's bytes may change before anything is done with them.
const bytesOf = (data, what) => {
  const isBytes = typeof data === 'object' && data !== null && (ArrayBuffer.isView(data) || data instanceof ArrayBuffer);
  if (!isBytes) wrongType('ERR_INVALID_ARG_TYPE', what + ' must be an ArrayBuffer, a TypedArray or a DataView');
  return Buffer.from(engine.bytesOf(data));
};
const toArrayBuffer = (bytes) => new Uint8Array(bytes).buffer;

const OURS = Symbol('made here');
let contentOf;
class CryptoKey {
  #type;
  #extractable;
  #algorithm;
  #usages;
  #content;
  constructor() {
    const [key, type, extractable, algorithm, usages, content] = arguments;
    if (key !== OURS) wrongType('ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
    this.#type = type;
    this.#extractable = extractable;
    this.#algorithm = algorithm;
    this.#usages = [...new Set(usages)];
    this.#content = content;
  }
  static {
    contentOf = (key) => {
      if (typeof key !== 'object' || key === null || !(#content in key)) {
        wrongType('ERR_INVALID_ARG_TYPE', 'The key must be a CryptoKey');
      }
      return key.#content;
    };
  }
  get type() {
    return this.#type;
  }
  get extractable() {
    return this.#extractable;
  }
  get algorithm() {
    return this.#algorithm;
  }
  get usages() {
    return this.#usages;
  }
  get [Symbol.toStringTag]() {
    return 'CryptoKey';
  }
}
for (const name of ['type', 'extractable', 'algorithm', 'usages']) {
  Object.defineProperty(CryptoKey.prototype, name, { enumerable: true });
}

const USAGES = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];
const CIPHER = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
// What a key of each algorithm may be used for: a secret one, or a public and a private one.
const FOR = {
  __proto__: null,
  HMAC: { secret: ['sign', 'verify'] },
  'AES-CBC': { secret: CIPHER },
  'AES-CTR': { secret: CIPHER },
  'AES-GCM': { secret: CIPHER },
  'AES-KW': { secret: ['wrapKey', 'unwrapKey'] },
  PBKDF2: { secret: ['deriveKey', 'deriveBits'] },
  HKDF: { secret: ['deriveKey', 'deriveBits'] },
  ECDSA: { public: ['verify'], private: ['sign'] },
  ECDH: { public: [], private: ['deriveKey', 'deriveBits'] },
  'RSASSA-PKCS1-v1_5': { public: ['verify'], private: ['sign'] },
  'RSA-PSS': { public: ['verify'], private: ['sign'] },
  'RSA-OAEP': { public: ['encrypt', 'wrapKey'], private: ['decrypt', 'unwrapKey'] },
  Ed25519: { public: ['verify'], private: ['sign'] },
  X25519: { public: [], private: ['deriveKey', 'deriveBits'] },
};
const BLOCK = { __proto__: null, 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };
const SIZES = { __proto__: null, 'P-256': 32, 'P-384': 48, 'P-521': 66 };
const UNCOMPRESSED = 4;
const OCTETS = 32;

const unsupported = (name) => fail('SyntaxError', 'Unsupported key usage for a ' + name + ' key');
const unused = (type) => fail('SyntaxError', 'Usages cannot be empty when creating a ' + type + ' key.');
// Before anything else is looked at.
const checkAreUsages = (usages) => {
  if (!Array.isArray(usages)) wrongType('ERR_INVALID_ARG_TYPE', 'The key usages must be an array');
  for (const usage of usages) {
    if (!USAGES.includes(usage)) wrongType('ERR_INVALID_ARG_VALUE', "'" + usage + "' is not a key usage");
  }
};
const checkUsages = (type, name, usages) => {
  if (!usages.every((usage) => FOR[name][type].includes(usage))) unsupported(name);
};
// Whether a key of this kind is nothing but bytes that nobody else may know.
const isSecret = (name) => name in FOR && 'secret' in FOR[name];
const makeKey = (type, algorithm, extractable, usages, content) => {
  checkUsages(type, algorithm.name, usages);
  if (usages.length === 0 && type !== 'public') unused(type);
  return new CryptoKey(OURS, type, !!extractable, algorithm, usages, content);
};

// Secret keys: their bytes.
const makeSecret = (algorithm, bytes, extractable, usages) => {
  const length = bytes.length * 8;
  const { name } = algorithm;
  if (name === 'PBKDF2' || name === 'HKDF') {
    if (extractable) fail('SyntaxError', name + ' keys are not extractable');
    return makeKey('secret', { name }, false, usages, { bytes });
  }
  if (name === 'HMAC') {
    if (length === 0) fail('DataError', 'Zero-length key is not supported');
    if (algorithm.length !== undefined && (algorithm.length > length || algorithm.length <= length - 8)) {
      fail('DataError', 'Invalid key length');
    }
    const known = { name, hash: { name: algorithm.hash }, length: algorithm.length ?? length };
    return makeKey('secret', known, extractable, usages, { bytes });
  }
  if (length !== 128 && length !== 192 && length !== 256) fail('DataError', 'Invalid key length');
  return makeKey('secret', { name, length }, extractable, usages, { bytes });
};

// Runs what throws when the bytes are no key. Of a wrong type are the caller's own arguments.
const reading = (read) => {
  try {
    return read();
  } catch (error) {
    if (error instanceof DOMException || error.code === 'ERR_INVALID_ARG_TYPE') throw error;
    return fail('DataError', 'Invalid keyData');
  }
};

const describe = (algorithm, parts) => {
  const { name } = algorithm;
  if (parts.kind === 'curve') return { name, namedCurve: parts.curve };
  if (parts.kind === 'octets') return { name };
  const modulusLength = parts.n.length * 8 - (Math.clz32(parts.n[0]) - 24);
  return { name, modulusLength, publicExponent: new Uint8Array(parts.e), hash: { name: algorithm.hash } };
};
const isCurve = (name) => name === 'ECDSA' || name === 'ECDH';
const isOctets = (name) => name === 'Ed25519' || name === 'X25519';
const kindOf = (name) => (isCurve(name) ? 'curve' : isOctets(name) ? 'octets' : 'rsa');

// Any bytes are a key, if they are as many as they have to be.
const addOctets = (type, { curve, scalar, point }, content) => {
  for (const bytes of [scalar, point]) {
    if (bytes !== undefined && bytes.length !== OCTETS) fail('DataError', curve + ' raw keys must be exactly 32-bytes');
  }
  if (type === 'private') content.point = Buffer.from(node.curve(curve, 'public', scalar));
  if (point !== undefined && !content.point.equals(point)) fail('DataError', 'Invalid JWK');
  content.der = type === 'private' ? asn1.octetsPrivate(curve, scalar) : asn1.octetsPublic(curve, point);
};

// A public or private key from its numbers; its DER is what the natives are given.
const makePair = (type, algorithm, parts, extractable, usages) => {
  const wanted = kindOf(algorithm.name);
  if (parts.kind !== wanted) fail('DataError', 'Invalid key type');
  if (wanted === 'curve' && parts.curve !== algorithm.namedCurve) fail('DataError', 'Named curve mismatch');
  if (wanted === 'octets' && parts.curve !== algorithm.name) fail('DataError', 'Invalid key type');
  const content = { ...parts };
  if (wanted === 'rsa') {
    content.der = type === 'public' ? asn1.rsaPublic(parts) : asn1.rsaPrivate(parts);
  } else if (wanted === 'octets') {
    addOctets(type, parts, content);
  } else {
    const { curve } = parts;
    if (type === 'private') {
      content.scalar = Buffer.from(node.curve(curve, 'check', parts.scalar));
      content.point = Buffer.from(node.curve(curve, 'public', content.scalar));
      if (parts.point !== undefined && !content.point.equals(parts.point)) fail('DataError', 'Invalid keyData');
      content.der = asn1.curvePrivate(curve, content.scalar, content.point);
    } else {
      content.point = Buffer.from(node.curve(curve, 'convert', parts.point, undefined, UNCOMPRESSED));
      content.der = asn1.curvePublic(curve, content.point);
    }
  }
  return makeKey(type, describe(algorithm, parts), extractable, usages, content);
};

const NAMES = { __proto__: null, 'AES-CBC': 'CBC', 'AES-CTR': 'CTR', 'AES-GCM': 'GCM', 'AES-KW': 'KW' };
const RSA_NAMES = { __proto__: null, 'RSASSA-PKCS1-v1_5': 'RS', 'RSA-PSS': 'PS' };
const sizeOfHash = (hash) => hash.slice(4);
// What a JWK calls the algorithm.
const jwkName = ({ name, hash, length }) => {
  if (name === 'HMAC') return 'HS' + sizeOfHash(hash.name);
  if (name in NAMES) return 'A' + length + NAMES[name];
  if (name === 'RSA-OAEP') return hash.name === 'SHA-1' ? name : name + '-' + sizeOfHash(hash.name);
  return RSA_NAMES[name] + sizeOfHash(hash.name);
};
const text = (bytes) => bytes.toString('base64').replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const number = (jwk, field) => {
  if (typeof jwk[field] !== 'string') fail('DataError', 'Invalid keyData');
  return Buffer.from(jwk[field], 'base64');
};
const RSA_FIELDS = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

const ENCRYPTION = ['RSA-OAEP', 'ECDH', 'X25519', ...Object.keys(NAMES)];
const typeOfJwk = (name) => (isSecret(name) ? 'oct' : isCurve(name) ? 'EC' : isOctets(name) ? 'OKP' : 'RSA');
const importOctets = (type, jwk, algorithm, extractable, usages) => {
  // RFC 8037 had a name for both curves that one may sign with, RFC 9864 has one for each.
  const isNamed = [undefined, 'EdDSA', 'Ed25519'].includes(jwk.alg);
  if (algorithm.name === 'Ed25519' && !isNamed) fail('DataError', 'JWK "alg" does not match the requested algorithm');
  const parts = { kind: 'octets', curve: jwk.crv, point: number(jwk, 'x') };
  if (type === 'private') parts.scalar = number(jwk, 'd');
  return makePair(type, algorithm, parts, extractable, usages);
};

const checkOperations = (operations, usages) => {
  if (operations === undefined) return;
  if (!Array.isArray(operations)) wrongType('ERR_INVALID_ARG_TYPE', 'The "key_ops" of a JWK must be an array');
  const known = operations.filter((operation) => USAGES.includes(operation));
  if (new Set(known).size !== known.length) fail('DataError', 'Duplicate key operation');
  if (usages.some((usage) => !operations.includes(usage))) fail('DataError', 'Key operations and usage mismatch');
};
const importJwk = (jwk, algorithm, extractable, usages) => {
  if (typeof jwk !== 'object' || jwk === null) fail('DataError', 'Invalid keyData');
  const kty = typeOfJwk(algorithm.name);
  if (jwk.kty !== kty) fail('DataError', 'Invalid key type');
  if (kty === 'OKP' && jwk.crv !== algorithm.name) fail('DataError', 'JWK "crv" Parameter and algorithm name mismatch');
  const type = kty === 'oct' ? 'secret' : jwk.d === undefined ? 'public' : 'private';
  // Those of the last kind are looked at later, as in Node.
  if (kty !== 'OKP') checkUsages(type, algorithm.name, usages);
  const use = ENCRYPTION.includes(algorithm.name) ? 'enc' : 'sig';
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) fail('DataError', 'Invalid JWK "use" Parameter');
  if (jwk.ext === false && extractable) fail('DataError', 'JWK is not extractable');
  checkOperations(jwk.key_ops, usages);
  if (kty === 'oct') {
    const key = makeSecret(algorithm, number(jwk, 'k'), extractable, usages);
    if (jwk.alg !== undefined && jwk.alg !== jwkName(key.algorithm)) fail('DataError', 'JWK "alg" does not match the requested algorithm');
    return key;
  }
  if (kty === 'OKP') return importOctets(type, jwk, algorithm, extractable, usages);
  if (kty === 'RSA') {
    const parts = { kind: 'rsa' };
    for (const field of type === 'public' ? RSA_FIELDS.slice(0, 2) : RSA_FIELDS) parts[field] = number(jwk, field);
    const named = { name: algorithm.name, hash: { name: algorithm.hash } };
    if (jwk.alg !== undefined && jwk.alg !== jwkName(named)) fail('DataError', 'JWK "alg" does not match the requested algorithm');
    return makePair(type, algorithm, parts, extractable, usages);
  }
  const size = SIZES[jwk.crv];
  const [x, y] = [number(jwk, 'x'), number(jwk, 'y')];
  if (size === undefined || x.length !== size || y.length !== size) fail('DataError', 'Invalid keyData');
  const parts = { kind: 'curve', curve: jwk.crv, point: Buffer.concat([Buffer.from([UNCOMPRESSED]), x, y]) };
  if (type === 'private') parts.scalar = number(jwk, 'd');
  return makePair(type, algorithm, parts, extractable, usages);
};

const importKey = (format, data, algorithm, extractable, usages) => {
  if (format === 'jwk') return reading(() => importJwk(data, algorithm, extractable, usages));
  const bytes = bytesOf(data, 'The key data');
  if (format === 'raw' && isSecret(algorithm.name)) return makeSecret(algorithm, bytes, extractable, usages);
  if (format === 'raw' && isCurve(algorithm.name)) {
    return reading(() => makePair('public', algorithm, { kind: 'curve', curve: algorithm.namedCurve, point: bytes }, extractable, usages));
  }
  if (format === 'raw' && isOctets(algorithm.name)) {
    const parts = { kind: 'octets', curve: algorithm.name, point: bytes };
    return makePair('public', algorithm, parts, extractable, usages);
  }
  if (isSecret(algorithm.name) || (format !== 'spki' && format !== 'pkcs8')) {
    fail('NotSupportedError', 'Unable to import ' + algorithm.name + ' key with format ' + format);
  }
  return reading(() => {
    const parts = format === 'spki' ? asn1.readPublic(bytes) : asn1.readPrivate(bytes);
    return makePair(format === 'spki' ? 'public' : 'private', algorithm, parts, extractable, usages);
  });
};

const exportJwk = (key, content) => {
  const jwk = { key_ops: key.usages, ext: key.extractable };
  if (content.bytes !== undefined) return { ...jwk, kty: 'oct', k: text(content.bytes), alg: jwkName(key.algorithm) };
  if (content.kind === 'rsa') {
    for (const field of RSA_FIELDS) if (content[field] !== undefined) jwk[field] = text(content[field]);
    return { ...jwk, kty: 'RSA', alg: jwkName(key.algorithm) };
  }
  if (content.kind === 'octets') {
    jwk.x = text(content.point);
    if (content.scalar !== undefined) jwk.d = text(content.scalar);
    if (content.curve === 'Ed25519') jwk.alg = content.curve;
    return { ...jwk, kty: 'OKP', crv: content.curve };
  }
  const size = SIZES[content.curve];
  jwk.x = text(content.point.slice(1, 1 + size));
  jwk.y = text(content.point.slice(1 + size));
  if (content.scalar !== undefined) jwk.d = text(content.scalar);
  return { ...jwk, kty: 'EC', crv: content.curve };
};

const exportKey = (format, key) => {
  const content = contentOf(key);
  if (!key.extractable) fail('InvalidAccessError', 'key is not extractable');
  if (format === 'jwk') return exportJwk(key, content);
  if (format === 'raw' && key.type === 'secret') return toArrayBuffer(content.bytes);
  if (format === 'raw' && key.type === 'public' && content.kind !== 'rsa') return toArrayBuffer(content.point);
  if ((format === 'spki' && key.type === 'public') || (format === 'pkcs8' && key.type === 'private')) {
    return toArrayBuffer(content.der);
  }
  return fail('NotSupportedError', 'Unable to export a ' + key.type + ' ' + key.algorithm.name + ' key using ' + format + ' format');
};

const random = (size) => {
  const bytes = Buffer.alloc(size);
  node.randomFill(bytes, 0, size);
  return bytes;
};

const makeCurve = (curve) => {
  const scalar = Buffer.from(node.curve(curve, 'generate'));
  const point = Buffer.from(node.curve(curve, 'public', scalar));
  return [{ kind: 'curve', curve, scalar }, { kind: 'curve', curve, point }];
};
const makeOctets = (curve) => {
  const scalar = Buffer.from(node.curve(curve, 'generate'));
  const point = Buffer.from(node.curve(curve, 'public', scalar));
  return [{ kind: 'octets', curve, scalar }, { kind: 'octets', curve, point }];
};
const SPKI = 2;
const PKCS8 = 1;
const DER = 0;
const notMade = (why) => fail('OperationError', 'The operation failed for an operation-specific reason: ' + why);
const exponentOf = ({ publicExponent }) => {
  const exponent = Number('0x' + (Buffer.from(publicExponent).toString('hex') || '0'));
  const isExponent = exponent > 2 && exponent % 2 === 1 && exponent <= 0xffffffff;
  return isExponent ? exponent : notMade('The publicExponent must be odd, and an unsigned 32-bit value');
};
const makeRsa = (algorithm) => {
  let pair;
  try {
    pair = node.keyPair('rsa', [algorithm.modulusLength, exponentOf(algorithm)], [SPKI, DER, PKCS8, DER]);
  } catch (error) {
    notMade(error.message);
  }
  const [publicKey, privateKey] = pair.map((der) => Buffer.from(der));
  return [asn1.readPrivate(privateKey), asn1.readPublic(publicKey)];
};

const generateKey = (algorithm, extractable, usages) => {
  const { name, length } = algorithm;
  if (name === 'HMAC') {
    const bits = length ?? BLOCK[algorithm.hash];
    if (bits === 0) fail('OperationError', 'Invalid key length');
    return makeSecret({ ...algorithm, length: undefined }, random(Math.ceil(bits / 8)), extractable, usages);
  }
  if (name in NAMES) {
    if (length !== 128 && length !== 192 && length !== 256) fail('OperationError', 'Invalid key length');
    return makeSecret(algorithm, random(length / 8), extractable, usages);
  }
  // Passwords and secrets to derive from are not made here.
  if (isSecret(name)) fail('NotSupportedError', 'Unrecognized algorithm name');
  const rules = FOR[name];
  for (const usage of usages) {
    if (!rules.private.includes(usage) && !rules.public.includes(usage)) unsupported(name);
  }
  const of = (type) => rules[type].filter((usage) => usages.includes(usage));
  // Before the work, because a pair of RSA takes long; but what is wrong with the algorithm is told first.
  if (kindOf(name) === 'rsa') exponentOf(algorithm);
  if (of('private').length === 0) unused('private');
  const make = { curve: () => makeCurve(algorithm.namedCurve), octets: () => makeOctets(name), rsa: () => makeRsa(algorithm) };
  const [privateParts, publicParts] = make[kindOf(name)]();
  return {
    privateKey: makePair('private', algorithm, privateParts, extractable, of('private')),
    publicKey: makePair('public', algorithm, publicParts, true, of('public')),
  };
};

module.exports = {
  BLOCK, CryptoKey, SIZES, bytesOf, checkAreUsages, contentOf, exportKey, fail, generateKey, importKey, isSecret, toArrayBuffer, wrongType,
};
