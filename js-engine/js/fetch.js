// Why this file exists: fetch, Headers, Request and Response (fetch.spec.whatwg.org), as far as they have a meaning
// without a page: no cache, no cookies, no CORS. The work is done by the host (js/operations.js).
(function fetching(engine) {
  'use strict';
  const { natives, bodies } = engine;
  const { apply, arrayPush, arrayValues, defineProperty, expose, isArray, jsonStringify, keys, listOf } =
    engine.primordials;
  const { stringToLowerCase, Number, RangeError, String, Symbol, TypeError } = engine.primordials;

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

  class Headers {
    #list = [];

    constructor(init = undefined) {
      if (init === undefined || init === null) return;
      if (typeof init !== 'object' && typeof init !== 'function') {
        throw new TypeError('Headers: the init must be an object or a list of pairs');
      }
      const own = rawHeaders(init);
      if (own !== undefined || typeof init[Symbol.iterator] === 'function') {
        const pairs = own ?? (isArray(init) ? init : listOf(init));
        for (let i = 0; i < pairs.length; i++) {
          const pair = isArray(pairs[i]) ? pairs[i] : listOf(pairs[i]);
          if (pair.length !== 2) throw new TypeError('Headers: each element must be a pair of name and value');
          this.append(pair[0], pair[1]);
        }
      } else {
        const names = keys(init);
        for (let i = 0; i < names.length; i++) this.append(names[i], init[names[i]]);
      }
    }

    static {
      rawHeaders = (value) => (typeof value === 'object' && value !== null && #list in value ? value.#list : undefined);
    }

    append(name, value) {
      const key = nameOf(name);
      arrayPush(this.#list, [key, valueOf(key, value)]);
    }
    set(name, value) {
      const key = nameOf(name);
      const text = valueOf(key, value);
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
      return this.get(name) !== null;
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
    #column(at) {
      const sorted = this.#sorted();
      const list = [];
      for (let i = 0; i < sorted.length; i++) arrayPush(list, sorted[i][at]);
      return arrayValues(list);
    }
    keys() {
      return this.#column(0);
    }
    values() {
      return this.#column(1);
    }
    entries() {
      return arrayValues(this.#sorted());
    }
    [Symbol.iterator]() {
      return this.entries();
    }
    forEach(callback, self = undefined) {
      const sorted = this.#sorted();
      for (let i = 0; i < sorted.length; i++) apply(callback, self, [sorted[i][1], sorted[i][0], this]);
    }
  }

  const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
  const methodOf = (method) => {
    const text = String(method);
    const lower = stringToLowerCase(text);
    if (!natives.isHeaderName(text)) throw new TypeError("'" + text + "' is not a valid HTTP method.");
    if (lower === 'connect' || lower === 'trace' || lower === 'track') {
      throw new TypeError("'" + text + "' HTTP method is unsupported.");
    }
    for (let i = 0; i < METHODS.length; i++) if (stringToLowerCase(METHODS[i]) === lower) return METHODS[i];
    return text;
  };

  let stateOf; // of a Request

  class Request {
    #state;

    constructor(input, init = undefined) {
      const from = stateOf(input);
      const given = init ?? {};
      const state = {
        __proto__: null,
        url: from === undefined ? String(input) : from.url,
        method: given.method === undefined ? (from?.method ?? 'GET') : methodOf(given.method),
        headers: new Headers(given.headers ?? from?.headers),
        body: null,
        redirect: from?.redirect ?? 'follow',
        signal: given.signal === undefined ? from?.signal : (given.signal ?? undefined),
      };
      if (engine.normalUrl !== undefined) state.url = engine.normalUrl(state.url);
      if (given.redirect !== undefined) state.redirect = String(given.redirect);
      if (state.redirect !== 'follow' && state.redirect !== 'manual' && state.redirect !== 'error') {
        throw new TypeError("Request: '" + state.redirect + "' is no way to treat redirects.");
      }
      if (state.signal !== undefined && !engine.isSignal(state.signal)) {
        throw new TypeError('Request: the "signal" option must be an AbortSignal.');
      }
      const { body, type } = bodies.extract(given.body);
      if (body !== null && (state.method === 'GET' || state.method === 'HEAD')) {
        throw new TypeError('Request with GET/HEAD method cannot have body.');
      }
      if (body !== null) state.body = body;
      else if (from !== undefined && from.body !== null) {
        if (from.body.isUsed) throw new TypeError('Request: the body of the input was read already.');
        state.body = bodies.newBody(from.body.bytes, from.body.handle);
        from.body.isUsed = true;
      }
      if (type !== undefined && !state.headers.has('content-type')) state.headers.set('content-type', type);
      this.#state = state;
    }

    static {
      stateOf = (value) => (typeof value === 'object' && value !== null && #state in value ? value.#state : undefined);
    }

    get url() {
      return this.#state.url;
    }
    get method() {
      return this.#state.method;
    }
    get headers() {
      return this.#state.headers;
    }
    get redirect() {
      return this.#state.redirect;
    }
    get signal() {
      this.#state.signal ??= engine.newSignal();
      return this.#state.signal;
    }
    clone() {
      const { url, method, headers, redirect, signal, body } = this.#state;
      const copy = new Request(url, { __proto__: null, method, headers, redirect, signal });
      stateOf(copy).body = bodies.tee(body);
      return copy;
    }
  }
  engine.mixBody(Request, (self) => {
    const state = stateOf(self);
    if (state === undefined) throw new TypeError('Illegal invocation');
    return state.body;
  });

  let responseOf;
  const KEY = {};
  const isRedirect = (status) =>
    status === 301 || status === 302 || status === 303 || status === 307 || status === 308;

  class Response {
    #state;

    constructor(content = null, init = undefined, key = undefined) {
      if (key === KEY) {
        this.#state = content;
        return;
      }
      const status = init?.status === undefined ? 200 : Number(init.status);
      if (!(status >= 200 && status <= 599)) {
        throw new RangeError('Response: the status must lie between 200 and 599.');
      }
      const { body, type } = bodies.extract(content);
      const headers = new Headers(init?.headers);
      if (type !== undefined && !headers.has('content-type')) headers.set('content-type', type);
      const statusText = init?.statusText === undefined ? '' : String(init.statusText);
      this.#state = { __proto__: null, status, statusText, headers, body, url: '' };
      this.#state.redirected = false;
      this.#state.type = 'default';
    }

    static {
      responseOf = (value) => {
        const isOne = typeof value === 'object' && value !== null && #state in value;
        if (!isOne) throw new TypeError('Illegal invocation');
        return value.#state;
      };
    }

    static json(data, init = undefined) {
      const response = new Response(jsonStringify(data), init);
      const { headers } = responseOf(response);
      if (new Headers(init?.headers).get('content-type') === null) headers.set('content-type', 'application/json');
      return response;
    }
    static error() {
      const state = { __proto__: null, status: 0, statusText: '', headers: new Headers(), body: null, url: '' };
      state.redirected = false;
      state.type = 'error';
      return new Response(state, undefined, KEY);
    }
    static redirect(url, status = 302) {
      if (!isRedirect(+status)) throw new RangeError('Response: ' + String(status) + ' is no status of a redirect.');
      return new Response(null, { status, headers: { location: String(url) } });
    }

    get status() {
      return this.#state.status;
    }
    get statusText() {
      return this.#state.statusText;
    }
    get ok() {
      return this.#state.status >= 200 && this.#state.status < 300;
    }
    get headers() {
      return this.#state.headers;
    }
    get url() {
      return this.#state.url;
    }
    get redirected() {
      return this.#state.redirected;
    }
    get type() {
      return this.#state.type;
    }
    clone() {
      const { status, statusText, headers, body, url, redirected, type } = this.#state;
      const state = { __proto__: null, status, statusText, headers: new Headers(headers), body: bodies.tee(body) };
      state.url = url;
      state.redirected = redirected;
      state.type = type;
      return new Response(state, undefined, KEY);
    }
  }
  engine.mixBody(Response, (self) => responseOf(self).body);

  const failed = (cause) => {
    if (cause?.code === 'ERR_INVALID_URL') {
      const error = new TypeError('Failed to parse URL: ' + cause.message);
      error.cause = cause;
      error.code = cause.code;
      return error;
    }
    const error = new TypeError('fetch failed');
    error.cause = cause;
    return error;
  };

  expose('fetch', async function fetch(input, init = undefined) {
    const request = new Request(input, init);
    const { url, method, headers, redirect, signal, body } = stateOf(request);
    if (signal?.aborted) throw signal.reason;
    const bytes = body === null ? undefined : await bodies.all(body);
    if (!headers.has('accept')) headers.set('accept', '*/*');
    if (!headers.has('user-agent')) headers.set('user-agent', 'lambkin');
    const list = rawHeaders(headers);
    const head = { __proto__: null, method, url, headers: list, redirect, maxRedirects: 20, decode: true, timeout: 0 };
    let done;
    try {
      done = await bodies.operate(signal, (settle) => engine.http.request(head, bytes, settle));
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw failed(cause);
    }
    const { answer } = done;
    const state = {
      __proto__: null,
      status: answer.status,
      statusText: answer.statusText,
      headers: new Headers(answer.headers),
      body: answer.body === 0 ? null : bodies.newBody(undefined, answer.body),
      url: answer.url,
      redirected: answer.redirected,
      type: 'basic',
    };
    if (state.body !== null) state.body.signal = signal;
    return new Response(state, undefined, KEY);
  });

  const types = [Headers, Request, Response];
  for (let i = 0; i < types.length; i++) {
    defineProperty(types[i].prototype, Symbol.toStringTag, { value: types[i].name, configurable: true });
    expose(types[i].name, types[i]);
  }
})
