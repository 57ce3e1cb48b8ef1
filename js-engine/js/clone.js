// Why this file exists: structuredClone, for everything the standard lists that exists here.
(function structuredCloning(engine) {
  'use strict';
  const { natives } = engine;
  const { arrayPush, bufferSlice, dateGetTime, defineProperty, expose, hasOwn, isArray, Array } = engine.primordials;
  const { dataViewBuffer, dataViewByteLength, dataViewByteOffset, keys, mapForEach, mapGet, mapSet } =
    engine.primordials;
  const { regexpFlags, regexpSource, setAdd, setForEach, typedArrays, unbox, viewBuffer, viewByteOffset } =
    engine.primordials;
  const { viewLength, viewTag, DataView, Date, DOMException, Error, Map, Object, RegExp, Set } = engine.primordials;
  const { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } = engine.primordials;

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

  expose('structuredClone', function structuredClone(value) {
    if (arguments.length === 0) throw new TypeError("The \"value\" argument must be specified");
    return copy(value, new Map());
  });
})
