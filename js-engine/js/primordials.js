// Why this file exists: a lambda may redefine anything it can reach, so the engine's own JavaScript must not look
// anything up at run time that a lambda can reach. This file, the first one loaded, keeps the originals.
//
// Rules for every file in this folder (while it is loaded, nothing has been redefined yet; afterwards they count):
//  - no method calls on built-in objects: use the functions below (`apply`, `uncurry`-ed ones) or plain syntax;
//  - no template literals: QuickJS makes calls of String.prototype.concat out of them;
//  - no spreading, array destructuring or `for … of` (they consult Array.prototype[Symbol.iterator]);
//  - objects that are looked into by name have no prototype, and all their fields from the start.
(function primordials(engine) {
  'use strict';

  const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const uncurry = (method) => (self, ...args) => apply(method, self, args);
  const getter = (holder, name) => uncurry(getOwnPropertyDescriptor(holder, name).get);

  // What a lambda sees in the global scope, as the standard library defines its own names.
  const expose = (name, value) =>
    defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });

  // What a class has is enumerable in Web IDL, and its constants are; a script's own class has neither.
  const enumerate = (type) => {
    const holders = [type, type.prototype];
    for (let i = 0; i < holders.length; i++) {
      for (const name of ownKeys(holders[i])) {
        if (typeof name === 'symbol' || ['constructor', 'length', 'name', 'prototype'].includes(name)) continue;
        defineProperty(holders[i], name, { enumerable: true });
      }
    }
  };

  // A class of Web IDL, once it has all it has.
  const exposeClass = (type) => {
    defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true });
    enumerate(type);
    expose(type.name, type);
  };

  // What stands for a value in a text; `String` alone takes symbols too.
  const { String, TypeError } = globalThis;
  const textOf = (value) => {
    if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
    return String(value);
  };

  const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype);

  const typedArrayTypes = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array]
    .concat([BigInt64Array, BigUint64Array, Float16Array, Float32Array, Float64Array]);

  // The value in a boxed primitive, by the one `valueOf` that accepts it.
  const valueOfs = [String, Number, Boolean, BigInt, Symbol].map((type) => uncurry(type.prototype.valueOf));
  const unbox = (boxed) => {
    for (let i = 0; i < valueOfs.length; i++) {
      try {
        return valueOfs[i](boxed);
      } catch {
        // Not of that type.
      }
    }
    return undefined;
  };

  engine.primordials = {
    __proto__: null,
    apply,
    defineProperty,
    deleteProperty,
    expose,
    exposeClass,
    textOf,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
    uncurry,
    hasOwn: Object.hasOwn,
    isArray: Array.isArray,
    keys: Object.keys,
    Array,
    listOf: Array.from,
    Object,
    Symbol,
    String,
    Number,
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
    Map,
    Set,
    WeakMap,
    Date,
    RegExp,
    Proxy,
    Promise,
    Uint8Array,
    ArrayBuffer,
    DataView,
    BigInt,
    DOMException,
    mapGet: uncurry(Map.prototype.get),
    mapSet: uncurry(Map.prototype.set),
    mapDelete: uncurry(Map.prototype.delete),
    mapForEach: uncurry(Map.prototype.forEach),
    mapSize: getter(Map.prototype, 'size'),
    setAdd: uncurry(Set.prototype.add),
    setForEach: uncurry(Set.prototype.forEach),
    arrayPush: uncurry(Array.prototype.push),
    arraySlice: uncurry(Array.prototype.slice),
    weakMapGet: uncurry(WeakMap.prototype.get),
    weakMapSet: uncurry(WeakMap.prototype.set),
    arrayJoin: uncurry(Array.prototype.join),
    regexpExec: uncurry(RegExp.prototype.exec),
    stringCharCode: uncurry(String.prototype.charCodeAt),
    stringIndexOf: uncurry(String.prototype.indexOf),
    stringToUpperCase: uncurry(String.prototype.toUpperCase),
    stringLastIndexOf: uncurry(String.prototype.lastIndexOf),
    stringSlice: uncurry(String.prototype.slice),
    stringStartsWith: uncurry(String.prototype.startsWith),
    stringToLowerCase: uncurry(String.prototype.toLowerCase),
    dateGetTime: uncurry(Date.prototype.getTime),
    dateToISOString: uncurry(Date.prototype.toISOString),
    regexpSource: getter(RegExp.prototype, 'source'),
    regexpFlags: getter(RegExp.prototype, 'flags'),
    unbox,
    typedArrays: typedArrayTypes.map((type) => new type(0)),
    viewLength: getter(typedArrayPrototype, 'length'),
    bigintToString: uncurry(BigInt.prototype.toString),
    numberToExponential: uncurry(Number.prototype.toExponential),
    numberValueOf: uncurry(Number.prototype.valueOf),
    dateNow: Date.now,
    floor: Math.floor,
    numberToFixed: uncurry(Number.prototype.toFixed),
    isView: ArrayBuffer.isView,
    viewBuffer: getter(typedArrayPrototype, 'buffer'),
    viewByteOffset: getter(typedArrayPrototype, 'byteOffset'),
    viewByteLength: getter(typedArrayPrototype, 'byteLength'),
    viewTag: getter(typedArrayPrototype, Symbol.toStringTag),
    dataViewBuffer: getter(DataView.prototype, 'buffer'),
    dataViewByteOffset: getter(DataView.prototype, 'byteOffset'),
    dataViewByteLength: getter(DataView.prototype, 'byteLength'),
    bufferByteLength: getter(ArrayBuffer.prototype, 'byteLength'),
    bufferSlice: uncurry(ArrayBuffer.prototype.slice),
    bufferTransfer: uncurry(ArrayBuffer.prototype.transfer),
    jsonStringify: JSON.stringify,
    jsonParse: JSON.parse,
    arrayValues: uncurry(Array.prototype.values),
    viewSet: uncurry(typedArrayPrototype.set),
    viewSubarray: uncurry(typedArrayPrototype.subarray),
    viewSlice: uncurry(typedArrayPrototype.slice),
  };
})
