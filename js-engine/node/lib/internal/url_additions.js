// Why this file exists: what URL and URLSearchParams have won since Node 10, for lambdas that are written for a later Node:
// `URL.canParse`, `URL.parse`, `size`, and `has` and `delete` of one value. Everything else of them stays Node 10's.
'use strict';
const { URL, URLSearchParams, searchParamsSymbol } = require('internal/url');
const { ERR_INVALID_THIS, ERR_MISSING_ARGS } = require('internal/errors').codes;
const { append, delete: remove, has } = URLSearchParams.prototype;

// Names and values in turn.
const pairsOf = (params) => {
  const pairs = typeof params === 'object' && params !== null ? params[searchParamsSymbol] : undefined;
  if (!Array.isArray(pairs)) throw new ERR_INVALID_THIS('URLSearchParams');
  return pairs;
};
const textOf = (value) => `${value}`.toWellFormed();

const method = (holder, name, value) =>
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });

Object.defineProperty(URLSearchParams.prototype, 'size', {
  get: function size() {
    return pairsOf(this).length / 2;
  },
  enumerable: true,
  configurable: true,
});

method(URLSearchParams.prototype, 'has', {
  has(name, value = undefined) {
    if (value === undefined) return Reflect.apply(has, this, arguments);
    const pairs = pairsOf(this);
    const [wantedName, wantedValue] = [textOf(name), textOf(value)];
    for (let i = 0; i < pairs.length; i += 2) {
      if (pairs[i] === wantedName && pairs[i + 1] === wantedValue) return true;
    }
    return false;
  },
}.has);

method(URLSearchParams.prototype, 'delete', {
  delete(name, value = undefined) {
    if (value === undefined) return Reflect.apply(remove, this, arguments);
    const pairs = pairsOf(this);
    const [wantedName, wantedValue] = [textOf(name), textOf(value)];
    for (let i = 0; i < pairs.length; ) {
      if (pairs[i] === wantedName && pairs[i + 1] === wantedValue) pairs.splice(i, 2);
      else i += 2;
    }
    // Node's own methods are what tells the URL: the last pair that is left goes in again.
    if (pairs.length === 0) Reflect.apply(remove, this, [wantedName]);
    else Reflect.apply(append, this, pairs.splice(-2));
    return undefined;
  },
}.delete);

const parse = (given) => {
  if (given.length === 0) throw new ERR_MISSING_ARGS('url');
  const { 0: input, 1: base } = given;
  // Of a text that throws when it is made the caller hears; of one that is no URL only that it is none.
  const [text, baseText] = [`${input}`, base === undefined ? undefined : `${base}`];
  try {
    return new URL(text, baseText);
  } catch {
    return null;
  }
};
method(URL, 'canParse', {
  canParse(url, base = undefined) {
    return parse(arguments) !== null;
  },
}.canParse);
method(URL, 'parse', {
  parse(url, base = undefined) {
    return parse(arguments);
  },
}.parse);
