// Why this file exists: structuredClone, for everything the standard lists that exists here.
(function structuredCloning(engine) {
  'use strict';
  const { natives } = engine;
  const { arrayPush, bufferSlice, bufferTransfer, dateGetTime, defineProperty, expose, hasOwn, isArray, listOf } =
    engine.primordials;
  const { dataViewBuffer, dataViewByteLength, dataViewByteOffset, keys, mapForEach, mapGet, mapSet } =
    engine.primordials;
  const { regexpFlags, regexpSource, setAdd, setForEach, typedArrays, unbox, viewBuffer, viewByteOffset } =
    engine.primordials;
  const { viewLength, viewTag, Array, DataView, Date, DOMException, Error, Map, Object, RegExp } = engine.primordials;
  const { Set, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } = engine.primordials;

  const errorTypes = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError };
  errorTypes.URIError = URIError;
  const viewTypes = { __proto__: null };
  for (const array of typedArrays) viewTypes[viewTag(array)] = array.constructor;

  const refuse = (value) => {
    const what = typeof value === 'function' ? 'a function' : natives.describe(value);
    throw new DOMException(what + ' could not be cloned.', 'DataCloneError');
  };

  const put = (target, name, value) =>
    defineProperty(target, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });

  const copyProperties = (source, target, seen) => {
    const names = keys(source);
    for (let i = 0; i < names.length; i++) put(target, names[i], copy(source[names[i]], seen));
    return target;
  };

  const copyError = (source, seen) => {
    const { name } = source;
    const type = typeof name === 'string' && name in errorTypes ? errorTypes[name] : Error;
    const target = new type();
    mapSet(seen, source, target);
    const own = ['message', 'stack', 'cause'];
    for (let i = 0; i < own.length; i++) {
      if (!hasOwn(source, own[i])) continue;
      const value = copy(source[own[i]], seen);
      defineProperty(target, own[i], { __proto__: null, value, writable: true, enumerable: false, configurable: true });
    }
    return target;
  };

  const copyView = (source, seen) => {
    const tag = viewTag(source);
    if (tag === undefined) {
      const buffer = copy(dataViewBuffer(source), seen);
      return new DataView(buffer, dataViewByteOffset(source), dataViewByteLength(source));
    }
    return new viewTypes[tag](copy(viewBuffer(source), seen), viewByteOffset(source), viewLength(source));
  };

  const copyObject = (source, seen) => {
    if (isArray(source)) {
      const target = new Array(source.length);
      mapSet(seen, source, target);
      return copyProperties(source, target, seen);
    }
    switch (natives.kindOf(source)) {
      case 'plain': {
        if (engine.forms.isBlob(source)) return engine.forms.copyBlob(source);
        const target = {};
        mapSet(seen, source, target);
        return copyProperties(source, target, seen);
      }
      case 'error':
        return copyError(source, seen);
      case 'date':
        return new Date(dateGetTime(source));
      case 'regexp':
        return new RegExp(regexpSource(source), regexpFlags(source));
      case 'boxed':
        return Object(unbox(source));
      case 'buffer':
        return bufferSlice(source, 0);
      case 'view':
        return copyView(source, seen);
      case 'map': {
        const target = new Map();
        mapSet(seen, source, target);
        const pairs = [];
        mapForEach(source, (value, key) => {
          arrayPush(pairs, key);
          arrayPush(pairs, value);
        });
        for (let i = 0; i < pairs.length; i += 2) mapSet(target, copy(pairs[i], seen), copy(pairs[i + 1], seen));
        return target;
      }
      case 'set': {
        const target = new Set();
        mapSet(seen, source, target);
        const values = [];
        setForEach(source, (value) => arrayPush(values, value));
        for (let i = 0; i < values.length; i++) setAdd(target, copy(values[i], seen));
        return target;
      }
      default:
        return refuse(source);
    }
  };

  const copy = (value, seen) => {
    if (typeof value === 'function' || typeof value === 'symbol') return refuse(value);
    if (typeof value !== 'object' || value === null) return value;
    const known = mapGet(seen, value);
    if (known !== undefined) return known;
    const result = copyObject(value, seen);
    mapSet(seen, value, result);
    return result;
  };

  // What is handed over and not copied: buffers, which are empty afterwards. Nothing else can be here.
  const transferred = (options) => {
    if (options === undefined || options === null || options.transfer === undefined) return [];
    const list = listOf(options.transfer);
    for (let i = 0; i < list.length; i++) {
      const isBuffer = typeof list[i] === 'object' && list[i] !== null && natives.kindOf(list[i]) === 'buffer';
      if (!isBuffer) throw new DOMException('Only an ArrayBuffer can be transferred.', 'DataCloneError');
      for (let j = 0; j < i; j++) {
        if (list[i] === list[j]) throw new DOMException('An ArrayBuffer is transferred twice.', 'DataCloneError');
      }
    }
    return list;
  };

  expose('structuredClone', function structuredClone(value, options = undefined) {
    if (arguments.length === 0) throw new TypeError("The \"value\" argument must be specified");
    const list = transferred(options);
    const result = copy(value, new Map());
    for (let i = 0; i < list.length; i++) bufferTransfer(list[i]);
    return result;
  });
})
