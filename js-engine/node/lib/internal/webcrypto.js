// Why this file exists: WebCrypto, as global `crypto` and as `require('crypto').webcrypto`, over the natives of Node's
// `crypto`. Every operation is done at once; its promise only says so. Keys are in webcrypto_keys.js.
'use strict';
const { Buffer } = require('buffer');
const asn1 = require('internal/asn1');
const keys = require('internal/webcrypto_keys');
const { BLOCK, CryptoKey, SIZES, bytesOf, checkAreUsages, contentOf, exportKey, fail, generateKey, importKey, isSecret } = keys;
const { toArrayBuffer, wrongType } = keys;
const { node } = engine;

const OPERATIONS = {
  __proto__: null,
  digest: ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'],
  sign: ['HMAC', 'ECDSA', 'RSASSA-PKCS1-v1_5', 'RSA-PSS', 'Ed25519'],
  encrypt: ['AES-CBC', 'AES-CTR', 'AES-GCM', 'RSA-OAEP'],
  wrap: ['AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-KW', 'RSA-OAEP'],
  derive: ['PBKDF2', 'HKDF', 'ECDH', 'X25519'],
};
OPERATIONS.key = [...OPERATIONS.sign, ...OPERATIONS.wrap, ...OPERATIONS.derive];

// The algorithm with its name as the standard writes it, and its hash as a name.
const normalize = (algorithm, operation) => {
  const given = typeof algorithm === 'string' ? { name: algorithm } : algorithm;
  if (typeof given !== 'object' || given === null || given.name === undefined) {
    wrongType('ERR_MISSING_OPTION', 'The algorithm needs a name');
  }
  const wanted = String(given.name).toUpperCase();
  const name = OPERATIONS[operation].find((known) => known.toUpperCase() === wanted);
  if (name === undefined) fail('NotSupportedError', 'Unrecognized algorithm name');
  const normal = { ...given, name };
  if (given.hash !== undefined) normal.hash = normalize(given.hash, 'digest').name;
  return normal;
};
const needs = (algorithm, field) => {
  if (algorithm[field] === undefined) wrongType('ERR_MISSING_OPTION', algorithm.name + ' needs "' + field + '"');
  return algorithm[field];
};
const forKey = (algorithm, isGenerated) => {
  const normal = normalize(algorithm, 'key');
  if (normal.name === 'HMAC' || normal.name.startsWith('RSA')) needs(normal, 'hash');
  if (normal.name.startsWith('EC') && !(needs(normal, 'namedCurve') in SIZES)) {
    fail('NotSupportedError', 'Unrecognized namedCurve');
  }
  if (isGenerated && normal.name.startsWith('AES')) needs(normal, 'length');
  if (isGenerated && normal.name.startsWith('RSA')) {
    const length = Number(needs(normal, 'modulusLength'));
    if (!(length > -1 && length < 2 ** 32)) wrongType('ERR_OUT_OF_RANGE', 'The "modulusLength" must be a number of bits');
    normal.modulusLength = Math.trunc(length);
    if (!(needs(normal, 'publicExponent') instanceof Uint8Array)) {
      wrongType('ERR_INVALID_ARG_TYPE', 'The "publicExponent" must be a Uint8Array');
    }
  }
  return normal;
};

const plain = (hash) => hash.replace('-', '').toLowerCase();
const hashOf = (hash, data) => {
  const number = node.hashStart(plain(hash));
  node.workUpdate(number, data);
  return number;
};
const hmac = (hash, key, data) => {
  const number = node.hmacStart(plain(hash), key);
  node.workUpdate(number, data);
  return Buffer.from(node.workFinish(number));
};

// Whether the key is for this; returns what is in it.
const use = (key, algorithm, usage) => {
  const content = contentOf(key);
  if (key.algorithm.name !== algorithm.name) fail('InvalidAccessError', 'Key algorithm mismatch');
  if (!key.usages.includes(usage)) fail('InvalidAccessError', 'Unable to use this key to ' + usage);
  return content;
};
const failed = () => fail('OperationError', 'The operation failed for an operation-specific reason');
// What the natives throw has no meaning here.
const trying = (work) => {
  try {
    return work();
  } catch {
    return failed();
  }
};

const PKCS1 = 1;
const OAEP = 4;
const PSS = 6;
const padding = ({ name, saltLength }) => (name === 'RSA-PSS' ? [PSS, saltLength] : [PKCS1, -2]);
const hashFor = (key, algorithm) => (algorithm.name === 'ECDSA' ? needs(algorithm, 'hash') : key.algorithm.hash.name);

const sign = (key, algorithm, data) => {
  const content = use(key, algorithm, 'sign');
  if (algorithm.name === 'Ed25519') return Buffer.from(node.signMessage(data, content.der, undefined, ...padding(algorithm)));
  const hash = hashFor(key, algorithm);
  if (algorithm.name === 'HMAC') return hmac(hash, content.bytes, data);
  if (algorithm.name === 'RSA-PSS') needs(algorithm, 'saltLength');
  const signature = trying(() =>
    Buffer.from(node.sign(hashOf(hash, data), plain(hash), content.der, undefined, ...padding(algorithm))));
  return algorithm.name === 'ECDSA' ? asn1.signatureToPlain(signature, SIZES[content.curve]) : signature;
};
const verify = (key, algorithm, signature, data) => {
  const content = use(key, algorithm, 'verify');
  if (algorithm.name === 'Ed25519') return node.verifyMessage(data, content.der, undefined, signature, ...padding(algorithm));
  const hash = hashFor(key, algorithm);
  if (algorithm.name === 'HMAC') {
    const own = hmac(hash, content.bytes, data);
    return own.length === signature.length && node.equalInTime(own, signature);
  }
  if (algorithm.name === 'RSA-PSS') needs(algorithm, 'saltLength');
  let given = signature;
  if (algorithm.name === 'ECDSA') {
    if (signature.length !== 2 * SIZES[content.curve]) return false;
    given = asn1.signatureToDer(signature);
  }
  try {
    return node.verify(hashOf(hash, data), plain(hash), content.der, given, ...padding(algorithm));
  } catch {
    return false;
  }
};

const TAG_LENGTHS = [32, 64, 96, 104, 112, 120, 128];
const cipher = (key, algorithm, data, encrypts, usage) => {
  const { bytes, der } = use(key, algorithm, usage);
  const { name } = algorithm;
  if (name === 'RSA-OAEP') {
    const label = algorithm.label === undefined ? Buffer.alloc(0) : bytesOf(algorithm.label, 'The label');
    const what = encrypts ? 'publicEncrypt' : 'privateDecrypt';
    const oaep = [plain(key.algorithm.hash.name), label];
    return trying(() => Buffer.from(node.rsa(what, der, data, OAEP, undefined, oaep)));
  }
  const named = 'aes-' + bytes.length * 8 + name.slice(3).toLowerCase();
  const run = (number, input) => Buffer.concat([Buffer.from(node.cipherUpdate(number, input)), Buffer.from(node.cipherFinish(number))]);
  // RFC 3394, with the check it is usually given.
  if (name === 'AES-KW') {
    return trying(() => run(node.cipherStart('aes' + bytes.length * 8 + '-wrap', bytes, Buffer.alloc(8, 0xa6), encrypts), data));
  }
  if (name === 'AES-CTR') {
    const counter = bytesOf(needs(algorithm, 'counter'), 'The counter');
    const length = needs(algorithm, 'length');
    if (counter.length !== 16 || !(length > 0 && length <= 128)) fail('OperationError', 'AES-CTR needs a counter of 16 bytes and a length of 1 to 128');
    // The natives count with all 128 bits; where fewer would start again at zero the results part.
    const blocks = Math.ceil(data.length / 16);
    if (length < 128) {
      const all = BigInt('0x' + counter.toString('hex')) & ((1n << BigInt(length)) - 1n);
      if (all + BigInt(blocks) > 1n << BigInt(length)) fail('OperationError', 'The counter is too short for the data');
    }
    return trying(() => run(node.cipherStart(named, bytes, counter, encrypts), data));
  }
  const iv = bytesOf(needs(algorithm, 'iv'), 'The iv');
  if (name === 'AES-CBC') {
    if (iv.length !== 16) fail('OperationError', 'algorithm.iv must contain exactly 16 bytes');
    return trying(() => run(node.cipherStart(named, bytes, iv, encrypts), data));
  }
  const tagLength = algorithm.tagLength ?? 128;
  if (!TAG_LENGTHS.includes(tagLength)) fail('OperationError', tagLength + ' is not a valid AES-GCM tag length');
  const size = tagLength / 8;
  if (!encrypts && data.length < size) fail('OperationError', 'The provided data is too small.');
  return trying(() => {
    const number = node.cipherStart(named, bytes, iv, encrypts, size);
    if (algorithm.additionalData !== undefined) {
      node.cipherAssociated(number, bytesOf(algorithm.additionalData, 'The additional data'));
    }
    if (encrypts) return Buffer.concat([run(number, data), Buffer.from(node.cipherTag(number)).slice(0, size)]);
    node.cipherSetTag(number, data.slice(data.length - size));
    return run(number, data.slice(0, data.length - size));
  });
};

const MOST = 255;
const derive = (key, algorithm, length, usage) => {
  const content = use(key, algorithm, usage);
  if (algorithm.name === 'ECDH' || algorithm.name === 'X25519') {
    const other = needs(algorithm, 'public');
    const { curve, point } = contentOf(other);
    if (other.algorithm.name !== algorithm.name) fail('InvalidAccessError', 'The public and private keys must be of the same type');
    if (other.type !== 'public' || curve !== content.curve) fail('InvalidAccessError', 'Named curve mismatch');
    const shared = trying(() => Buffer.from(node.curve(curve, 'agree', content.scalar, point)));
    if (length === null || length === undefined) return shared;
    if (length > shared.length * 8) fail('OperationError', 'derived bit length is too small');
    const bytes = shared.slice(0, Math.ceil(length / 8));
    if (length % 8 !== 0) bytes[bytes.length - 1] &= 0xff << (8 - (length % 8));
    return bytes;
  }
  const hash = needs(algorithm, 'hash');
  const salt = bytesOf(needs(algorithm, 'salt'), 'The salt');
  // What the algorithm lacks is told before what the length is.
  const info = algorithm.name === 'HKDF' ? bytesOf(needs(algorithm, 'info'), 'The info') : undefined;
  if (typeof length !== 'number' || length === 0) fail('OperationError', 'length cannot be null or zero');
  if (length % 8 !== 0) fail('OperationError', 'length must be a multiple of 8');
  const size = length / 8;
  if (algorithm.name === 'PBKDF2') {
    const iterations = needs(algorithm, 'iterations');
    if (!(iterations > 0)) fail('OperationError', 'iterations cannot be zero');
    return Buffer.from(node.pbkdf2(plain(hash), content.bytes, salt, iterations, size));
  }
  // HKDF, RFC 5869.
  const secret = hmac(hash, salt.length === 0 ? Buffer.alloc(1) : salt, content.bytes);
  if (size > MOST * secret.length) failed();
  const blocks = [];
  for (let at = 1, last = Buffer.alloc(0); blocks.length * secret.length < size; at++) {
    last = hmac(hash, secret, Buffer.concat([last, info, Buffer.from([at])]));
    blocks.push(last);
  }
  return Buffer.concat(blocks).slice(0, size);
};
const lengthOf = ({ name, length, hash }) => {
  // What two sides agreed on is a secret: it never becomes a public key.
  if (!isSecret(name)) fail('NotSupportedError', 'Unrecognized algorithm name');
  if (name === 'HMAC') return length ?? BLOCK[hash];
  // Of what is derived from in its turn all there is.
  if (!name.startsWith('AES')) return null;
  return length === 128 || length === 192 || length === 256 ? length : fail('OperationError', 'Invalid key length');
};

// A JWK as text, with spaces after it up to a whole number of blocks, and back.
const textOf = (jwk, block) => {
  const text = Buffer.from(JSON.stringify(jwk));
  return Buffer.concat([text, Buffer.alloc((block - (text.length % block)) % block, ' ')]);
};
const objectOf = (bytes) => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail('DataError', 'Invalid wrapped JWK key');
  }
};

const ILLEGAL = Symbol('made here');
const guard = (key) => {
  if (key !== ILLEGAL) wrongType('ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
};

class SubtleCrypto {
  constructor() {
    guard(arguments[0]);
  }
  async digest(algorithm, data) {
    const { name } = normalize(algorithm, 'digest');
    return node.workFinish(hashOf(name, bytesOf(data, 'The data')));
  }
  async sign(algorithm, key, data) {
    return toArrayBuffer(sign(key, normalize(algorithm, 'sign'), bytesOf(data, 'The data')));
  }
  async verify(algorithm, key, signature, data) {
    return verify(key, normalize(algorithm, 'sign'), bytesOf(signature, 'The signature'), bytesOf(data, 'The data'));
  }
  async encrypt(algorithm, key, data) {
    return toArrayBuffer(cipher(key, normalize(algorithm, 'encrypt'), bytesOf(data, 'The data'), true, 'encrypt'));
  }
  async decrypt(algorithm, key, data) {
    return toArrayBuffer(cipher(key, normalize(algorithm, 'encrypt'), bytesOf(data, 'The data'), false, 'decrypt'));
  }
  async deriveBits(algorithm, key, length = null) {
    return toArrayBuffer(derive(key, normalize(algorithm, 'derive'), length, 'deriveBits'));
  }
  async deriveKey(algorithm, key, derived, extractable, usages) {
    checkAreUsages(usages);
    const wanted = forKey(derived);
    const bits = derive(key, normalize(algorithm, 'derive'), lengthOf(wanted), 'deriveKey');
    return importKey('raw', bits, wanted, extractable, usages);
  }
  async importKey(format, data, algorithm, extractable, usages) {
    checkAreUsages(usages);
    return importKey(format, data, forKey(algorithm), extractable, usages);
  }
  async exportKey(format, key) {
    return exportKey(format, key);
  }
  async generateKey(algorithm, extractable, usages) {
    checkAreUsages(usages);
    return generateKey(forKey(algorithm, true), extractable, usages);
  }
  async wrapKey(format, key, wrapping, algorithm) {
    const normal = normalize(algorithm, 'wrap');
    const exported = exportKey(format, key);
    const bytes = format === 'jwk' ? textOf(exported, normal.name === 'AES-KW' ? 8 : 1) : Buffer.from(exported);
    return toArrayBuffer(cipher(wrapping, normal, bytes, true, 'wrapKey'));
  }
  async unwrapKey(format, wrapped, unwrapping, algorithm, unwrapped, extractable, usages) {
    checkAreUsages(usages);
    const bytes = cipher(unwrapping, normalize(algorithm, 'wrap'), bytesOf(wrapped, 'The wrapped key'), false, 'unwrapKey');
    const data = format === 'jwk' ? objectOf(bytes) : bytes;
    return importKey(format, data, forKey(unwrapped), extractable, usages);
  }
}

const INTEGERS = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array];
const randomUUID = () => {
  const bytes = Buffer.alloc(16);
  node.randomFill(bytes, 0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

let subtle;
class Crypto {
  constructor() {
    guard(arguments[0]);
  }
  get subtle() {
    return subtle;
  }
  getRandomValues(array) {
    if (!INTEGERS.some((type) => array instanceof type)) {
      fail('TypeMismatchError', 'The data argument must be an integer-type TypedArray');
    }
    if (array.byteLength > 65536) {
      fail('QuotaExceededError', 'The requested length exceeds 65,536 bytes');
    }
    node.randomFill(engine.bytesOf(array), 0, array.byteLength);
    return array;
  }
  randomUUID() {
    return randomUUID();
  }
}
for (const type of [SubtleCrypto, Crypto]) {
  for (const name of Object.getOwnPropertyNames(type.prototype)) {
    if (name !== 'constructor') Object.defineProperty(type.prototype, name, { enumerable: true });
  }
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true });
}

subtle = new SubtleCrypto(ILLEGAL);
module.exports = { Crypto, CryptoKey, SubtleCrypto, webcrypto: new Crypto(ILLEGAL), randomUUID };
