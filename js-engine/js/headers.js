// Why this file exists: Headers (fetch.spec.whatwg.org). A lambda is no page and may set every field; only the headers
// of an answer, and those of Response.error() and Response.redirect(), cannot be changed.
(function headers(engine) {
  'use strict';
  const { natives } = engine;
  const { arrayPush, exposeClass, getOwnPropertyDescriptor, isArray, listOf, ownKeys } = engine.primordials;
  const { stringToLowerCase, String, Symbol, TypeError } = engine.primordials;

  let isSealed;
  let iterateOwn;
  let ordered;
  let seal;
  let rawHeaders; // of a Headers object: [[name, value], …], names in lower case; undefined for anything else

  const nameOf = (name) => {
    const text = String(name);
    if (!natives.isHeaderName(text)) throw new TypeError('Headers: ' + text + ' is an invalid header name.');
    return stringToLowerCase(text);
  };
  const valueOf = (name, value) => {
    const text = natives.headerValue(String(value));
    if (typeof text !== 'string') throw new TypeError('Headers: the value of ' + name + ' is invalid.');
    return text;
  };

  const immutable = () => new TypeError('Headers: these headers are immutable.');

  class Headers {
    #list = [];
    #isImmutable = false;
    #ordered; // what iterators go over, until something changes

    constructor(init = undefined) {
      if (init === undefined) return;
      if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
        throw new TypeError('Headers: the init must be an object or a list of pairs');
      }
      const iterate = init[Symbol.iterator];
      // Nobody made a way of their own to go over these headers.
      const own = iterate === iterateOwn ? rawHeaders(init) : undefined;
      if (own !== undefined || (iterate !== undefined && iterate !== null)) {
        const pairs = own ?? (isArray(init) ? init : listOf(init));
        for (let i = 0; i < pairs.length; i++) {
          const pair = isArray(pairs[i]) ? pairs[i] : listOf(pairs[i]);
          if (pair.length !== 2) throw new TypeError('Headers: each element must be a pair of name and value');
          const key = nameOf(pair[0]);
          arrayPush(this.#list, [key, valueOf(key, pair[1])]);
        }
        return;
      }
      const names = ownKeys(init);
      for (let i = 0; i < names.length; i++) {
        const described = getOwnPropertyDescriptor(init, names[i]);
        if (described === undefined || !described.enumerable) continue;
        if (typeof names[i] === 'symbol') throw new TypeError('Headers: a symbol is an invalid header name.');
        const key = nameOf(names[i]);
        arrayPush(this.#list, [key, valueOf(key, init[names[i]])]);
      }
    }

    static {
      rawHeaders = (value) => (typeof value === 'object' && value !== null && #list in value ? value.#list : undefined);
      seal = (headers) => {
        headers.#isImmutable = true;
        return headers;
      };
      isSealed = (headers) => headers.#isImmutable;
      ordered = (headers) => (headers.#ordered ??= headers.#sorted());
    }

    append(name, value) {
      const key = nameOf(name);
      const text = valueOf(key, value);
      if (this.#isImmutable) throw immutable();
      this.#ordered = undefined;
      arrayPush(this.#list, [key, text]);
    }
    set(name, value) {
      const key = nameOf(name);
      const text = valueOf(key, value);
      if (this.#isImmutable) throw immutable();
      this.#ordered = undefined;
      const kept = [];
      let isNew = true;
      for (let i = 0; i < this.#list.length; i++) {
        if (this.#list[i][0] !== key) arrayPush(kept, this.#list[i]);
        else if (isNew) {
          isNew = false;
          arrayPush(kept, [key, text]);
        }
      }
      if (isNew) arrayPush(kept, [key, text]);
      this.#list = kept;
    }
    delete(name) {
      const key = nameOf(name);
      if (this.#isImmutable) throw immutable();
      this.#ordered = undefined;
      const kept = [];
      for (let i = 0; i < this.#list.length; i++) {
        if (this.#list[i][0] !== key) arrayPush(kept, this.#list[i]);
      }
      this.#list = kept;
    }
    get(name) {
      const key = nameOf(name);
      let joined = null;
      for (let i = 0; i < this.#list.length; i++) {
        if (this.#list[i][0] !== key) continue;
        joined = joined === null ? this.#list[i][1] : joined + ', ' + this.#list[i][1];
      }
      return joined;
    }
    has(name) {
      const key = nameOf(name);
      for (let i = 0; i < this.#list.length; i++) if (this.#list[i][0] === key) return true;
      return false;
    }
    getSetCookie() {
      const found = [];
      for (let i = 0; i < this.#list.length; i++) {
        if (this.#list[i][0] === 'set-cookie') arrayPush(found, this.#list[i][1]);
      }
      return found;
    }

    // Sorted by name, values of one name joined, cookies apart.
    #sorted() {
      const sorted = [];
      for (let i = 0; i < this.#list.length; i++) {
        const { 0: name, 1: value } = this.#list[i];
        let at = sorted.length;
        while (at > 0 && sorted[at - 1][0] > name) at--;
        if (at > 0 && sorted[at - 1][0] === name && name !== 'set-cookie') {
          sorted[at - 1][1] += ', ' + value;
          continue;
        }
        arrayPush(sorted, undefined);
        for (let j = sorted.length - 1; j > at; j--) sorted[j] = sorted[j - 1];
        sorted[at] = [name, value];
      }
      return sorted;
    }
  }

  engine.goOverPairs(Headers, ordered);
  exposeClass(Headers);
  iterateOwn = Headers.prototype.entries;
  engine.headers = { __proto__: null, Headers, isSealed, rawHeaders, seal };
})
