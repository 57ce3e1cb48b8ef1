// Why this file exists: what Node's own library gets when it asks for `process.binding(name)`. The work is done in Rust
// (src/node); here it is brought into the shape that library expects.
'use strict';
const { natives, node } = engine;
const tables = require('internal/tables');
const { isView, ownKeys } = engine.primordials;
const lazy = (id) => require(id);

// Numbers QuickJS has for the classes of objects, learned from samples.
const classOf = (value) => node.classOf(value);
const sample = (value) => classOf(value);
const CLASS = {
  Date: sample(new Date(0)),
  RegExp: sample(/x/),
  Map: sample(new Map()),
  Set: sample(new Set()),
  WeakMap: sample(new WeakMap()),
  WeakSet: sample(new WeakSet()),
  Promise: sample(Promise.resolve()),
  Proxy: sample(new Proxy({}, {})),
  Error: sample(new Error()),
  Boolean: sample(Object(true)),
  Number: sample(Object(1)),
  String: sample(Object('')),
  Symbol: sample(Object(Symbol())),
  BigInt: sample(Object(BigInt(1))),
  ArrayBuffer: sample(new ArrayBuffer(0)),
  SharedArrayBuffer: sample(new SharedArrayBuffer(0)),
  DataView: sample(new DataView(new ArrayBuffer(0))),
  MapIterator: sample(new Map().keys()),
  SetIterator: sample(new Set().keys()),
  Arguments: sample((function () { 'use strict'; return arguments; })()),
  MappedArguments: sample(new Function('return arguments')()),
  Generator: sample((function* () {})()),
  AsyncGenerator: sample((async function* () {})()),
  GeneratorFunction: sample(function* () {}),
  AsyncFunction: sample(async () => {}),
  AsyncGeneratorFunction: sample(async function* () {}),
};
const isOf = (...names) => {
  const [a, b, c, d, e] = names.map((name) => CLASS[name]);
  if (b === undefined) return (value) => classOf(value) === a;
  return (value) => {
    const own = classOf(value);
    return own === a || own === b || (c !== undefined && (own === c || own === d || own === e));
  };
};

const types = {
  isExternal: () => false,
  isDate: isOf('Date'),
  isArgumentsObject: isOf('Arguments', 'MappedArguments'),
  isBooleanObject: isOf('Boolean'),
  isNumberObject: isOf('Number'),
  isStringObject: isOf('String'),
  isSymbolObject: isOf('Symbol'),
  isBigIntObject: isOf('BigInt'),
  isBoxedPrimitive: isOf('Number', 'String', 'Boolean', 'Symbol', 'BigInt'),
  isNativeError: isOf('Error'),
  isRegExp: isOf('RegExp'),
  isAsyncFunction: isOf('AsyncFunction', 'AsyncGeneratorFunction'),
  isGeneratorFunction: isOf('GeneratorFunction', 'AsyncGeneratorFunction'),
  isGeneratorObject: isOf('Generator', 'AsyncGenerator'),
  isPromise: isOf('Promise'),
  isMap: isOf('Map'),
  isSet: isOf('Set'),
  isMapIterator: isOf('MapIterator'),
  isSetIterator: isOf('SetIterator'),
  isWeakMap: isOf('WeakMap'),
  isWeakSet: isOf('WeakSet'),
  isArrayBuffer: isOf('ArrayBuffer'),
  isDataView: isOf('DataView'),
  isSharedArrayBuffer: isOf('SharedArrayBuffer'),
  isProxy: isOf('Proxy'),
  isModuleNamespaceObject: () => false,
  isWebAssemblyCompiledModule: () => false,
  isAnyArrayBuffer: isOf('ArrayBuffer', 'SharedArrayBuffer'),
};

// Views of all kinds as the bytes they show; the native half takes typed arrays and ArrayBuffers.
const bytes = (value) => (isView(value) && types.isDataView(value) ? engine.bytesOf(value) : value);

const buffer = {
  setupBufferJS(prototype, holder) {
    for (const name of ownKeys(node.bufferMethods)) prototype[name] = node.bufferMethods[name];
    holder.zeroFill = undefined;
  },
  byteLengthUtf8: node.byteLengthUtf8,
  copy: (source, target, ...range) => node.copy(bytes(source), bytes(target), ...range),
  compare: (a, b) => node.compare(bytes(a), bytes(b)),
  compareOffset: node.compareOffset,
  createFromString: (text, encoding) => new (lazy('internal/buffer').FastBuffer)(node.encode(text, encoding)),
  fill(target, value, start, end, encoding) {
    const outcome = node.fill(target, bytes(value), start, end, encoding);
    return outcome === 0 ? undefined : outcome;
  },
  indexOfBuffer: (target, value, offset, encoding, isForward) =>
    node.indexOf(target, bytes(value), offset, encoding, isForward),
  indexOfNumber: (target, value, offset, isForward) => node.indexOf(target, value, offset, undefined, isForward),
  indexOfString: (target, value, offset, encoding, isForward) =>
    node.indexOf(target, value, offset, encoding, isForward),
  swap16: (target) => node.swap(target, 2),
  swap32: (target) => node.swap(target, 4),
  swap64: (target) => node.swap(target, 8),
  kMaxLength: 2147483647,
  kStringMaxLength: 1073741799,
  encodeUtf8String: natives.encode,
};

// What an iterator will still give, without moving it: a second one is put where it stands. The entries of a map come
// flat, and the second answer says so; those of a set are its values.
const { next: nextOfMap } = new Map().keys();
const { next: nextOfSet } = new Set().keys();
const MAKE = [Map.prototype.keys, Map.prototype.values, Map.prototype.entries];
const MAKE_OF_SET = [Set.prototype.values, Set.prototype.values, Set.prototype.entries];
function previewEntries(value, isIterator) {
  if (!types.isMapIterator(value) && !types.isSetIterator(value)) return isIterator ? [[], false] : [];
  const [collection, kind] = node.iteratorSource(value);
  const entries = [];
  if (collection !== undefined) {
    const isMap = types.isMap(collection);
    const next = isMap ? nextOfMap : nextOfSet;
    const copy = (isMap ? MAKE : MAKE_OF_SET)[kind].call(collection);
    node.alignIterator(copy, value);
    for (let step = next.call(copy); !step.done; step = next.call(copy)) {
      if (kind !== 2) entries.push(step.value);
      else if (isMap) entries.push(step.value[0], step.value[1]);
      else entries.push(step.value[0]);
    }
  }
  return isIterator ? [entries, kind === 2] : entries;
}

const hidden = new WeakMap();
const util = {
  getPromiseDetails: node.promiseDetails,
  getProxyDetails: (value) => (types.isProxy(value) ? node.proxyDetails(value) : undefined),
  previewEntries,
  getOwnNonIndexProperties(value, filter) {
    const names = [];
    for (const name of ownKeys(value)) {
      if (typeof name === 'string' && /^(0|[1-9]\d{0,9})$/.test(name) && +name < 4294967295) continue;
      if (filter === 2 && !Object.getOwnPropertyDescriptor(value, name)?.enumerable) continue;
      names.push(name);
    }
    return names;
  },
  getHiddenValue: (value, key) => hidden.get(value)?.[key],
  setHiddenValue(value, key, what) {
    if (!hidden.has(value)) hidden.set(value, {});
    hidden.get(value)[key] = what;
    return true;
  },
  arrow_message_private_symbol: 1,
  decorated_private_symbol: 2,
  kPending: 0,
  kFulfilled: 1,
  kRejected: 2,
  propertyFilter: { ALL_PROPERTIES: 0, ONLY_ENUMERABLE: 2 },
  safeToString: String,
  safeGetenv: (name) => process.env[name],
  pushValToArrayMax: 8,
  isInsideNodeModules: () => false,
  isUint8Array: (value) => value instanceof Uint8Array,
};
Object.assign(util, types);

const errmap = new Map(tables.errors);
const uv = {
  errname: (number) => errmap.get(number)?.[0] ?? 'Unknown system error ' + number,
  getErrorMap: () => errmap,
  errmap,
};
for (const [number, [name]] of errmap) uv['UV_' + name] = number;

const os = {
  getCPUs: () => [],
  getFreeMem: () => natives.memory().total - natives.memory().used,
  getTotalMem: () => natives.memory().total,
  getHomeDirectory: () => '/',
  getHostname: () => 'lambkin',
  getInterfaceAddresses: () => [],
  getLoadAvg: () => {},
  getOSRelease: () => '0.0.0',
  getOSType: () => 'Linux',
  getPriority: () => 0,
  setPriority: () => 0,
  getUserInfo: () => ({ uid: 1000, gid: 1000, username: 'lambda', homedir: '/', shell: null }),
  getUptime: () => natives.uptime() / 1000,
  isBigEndian: false,
};

const decoder = {
  // The last one is not Node 10's.
  encodings: ['ascii', 'utf8', 'base64', 'utf16le', 'latin1', 'hex', 'base64url'],
  kIncompleteCharactersStart: 0,
  kIncompleteCharactersEnd: 4,
  kMissingBytes: 4,
  kBufferedBytes: 5,
  kEncodingField: 6,
  kSize: 7,
  kNumFields: 7,
  decode: (state, chunk) => inBase64(state, () => node.decodeChunk(state, bytes(chunk))),
  flush: (state) => inBase64(state, () => node.decodeRest(state)),
};
// `base64url` is base64 in other letters.
const BASE64 = 2;
const BASE64URL = 6;
function inBase64(state, decode) {
  if (state[6] !== BASE64URL) return decode();
  state[6] = BASE64;
  const text = decode();
  state[6] = BASE64URL;
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

const ILLEGAL_ARGUMENT = 1;
const icu = {
  // Lenient, as `url.parse` wants it: a name that is none stays as it is.
  toASCII: (domain) => node.domainToASCII(domain) || domain,
  toUnicode: (domain) => node.domainToUnicode(domain) || domain,
  icuErrName: (number) => (number === ILLEGAL_ARGUMENT ? 'U_ILLEGAL_ARGUMENT_ERROR' : 'U_ERROR_' + number),
  transcode(source, from, to) {
    const { Buffer } = lazy('buffer');
    const known = ['ascii', 'latin1', 'utf16le', 'utf8'];
    if (!known.includes(from) || !known.includes(to)) return ILLEGAL_ARGUMENT;
    let text = Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString(from === 'ascii' ? 'latin1' : from);
    if (from === 'ascii') text = text.replace(/[\x80-\xff]/g, '\ufffd');
    if (to !== 'ascii' && to !== 'latin1') return Buffer.from(text, to);
    const last = to === 'ascii' ? 0x7f : 0xff;
    return Buffer.from(Array.from(text, (c) => (c.codePointAt(0) > last ? '?' : c)).join(''), 'latin1');
  },
};

// Constants stay what they are, as in Node; more may be added beside them.
function fix(table) {
  for (const name of ownKeys(table)) {
    if (typeof table[name] === 'object' && table[name] !== null) fix(table[name]);
    else Object.defineProperty(table, name, { writable: false, configurable: false });
  }
}
fix(tables.constants);

const bindings = {
  __proto__: null,
  buffer,
  config: { fipsMode: false, hasIntl: true, hasInspector: false, pendingDeprecation: false, noBrowserGlobals: false, bits: 32 },
  constants: tables.constants,
  // Mentioned by what is never called.
  fs: {},
  icu,
  os,
  string_decoder: decoder,
  async_wrap: { AsyncWrap: class AsyncWrap {}, Providers: {} },
  trace_events: { trace() {} },
  timer_wrap: { now: natives.now },
  types,
  util,
  uv,
};
const cryptoBinding = () => lazy('internal/crypto_binding');
Object.defineProperty(bindings, 'crypto', { get: cryptoBinding, enumerable: true });
Object.defineProperty(bindings, 'http_parser', { get: () => lazy('internal/http_parser'), enumerable: true });
Object.defineProperty(bindings, 'zlib', { get: () => lazy('internal/zlib_binding'), enumerable: true });
Object.defineProperty(bindings, 'url', { get: () => lazy('internal/url_binding'), enumerable: true });

exports.types = types;
exports.binding = (name) => {
  if (bindings[name] === undefined) {
    const error = new Error('No such module: ' + name);
    error.code = 'ERR_INVALID_MODULE';
    throw error;
  }
  return bindings[name];
};
exports.add = (name, binding) => {
  bindings[name] = binding;
};
