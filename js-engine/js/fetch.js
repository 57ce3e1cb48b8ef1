// Why this file exists: fetch, Request and Response (fetch.spec.whatwg.org), as far as they have a meaning without a
// page: no cache, no cookies, no CORS: a request tells what it was given of them, and nothing comes of it. The work is
// done by the host (js/operations.js).
(function fetching(engine) {
  'use strict';
  const { natives, bodies } = engine;
  const { Headers, isSealed, rawHeaders, seal } = engine.headers;
  const { defineProperty, expose, exposeClass, floor, getOwnPropertyDescriptor, jsonStringify } = engine.primordials;
  const { stringCharCode, stringIndexOf, stringToLowerCase } = engine.primordials;
  const { Number, RangeError, String, TypeError } = engine.primordials;

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

  // What is an address of its own is written as the standard writes it; what is relative, and there is no page it could
  // be relative to, stays as it is, and the host refuses it.
  const addressOf = (url) => {
    const text = String(url);
    return engine.node.urlHref(text) ?? refuse(text, 'Invalid URL');
  };
  const refuse = (url, why) => {
    const cause = new TypeError(why);
    cause.code = 'ERR_INVALID_URL';
    cause.input = url;
    const error = new TypeError('Failed to parse URL from ' + url);
    error.code = cause.code;
    error.cause = cause;
    throw error;
  };
  const publicAddressOf = (url) => {
    const address = addressOf(url);
    if (stringIndexOf(address, '@') === -1) return address;
    const parts = engine.node.urlParse(address);
    if (parts === undefined || (parts.username === '' && parts.password === '')) return address;
    // The password is nothing for a message.
    const shown = parts.protocol + '//…@' + parts.host;
    return refuse(shown, 'a request takes no name and password from its URL: use the header Authorization');
  };

  // What only pages act on: [name, what it is by itself, what else it can be].
  const CHOICES = [
    ['referrerPolicy', '', 'no-referrer', 'no-referrer-when-downgrade', 'origin', 'origin-when-cross-origin']
      .concat(['same-origin', 'strict-origin', 'strict-origin-when-cross-origin', 'unsafe-url']),
    ['mode', 'cors', 'no-cors', 'same-origin', 'navigate'],
    ['credentials', 'same-origin', 'include', 'omit'],
    ['cache', 'default', 'force-cache', 'no-cache', 'no-store', 'only-if-cached', 'reload'],
    ['redirect', 'follow', 'error', 'manual'],
    ['duplex', 'half'],
    ['priority', 'auto', 'high', 'low'],
  ];
  // What the names are of a request that was told nothing about them.
  const DEFAULTS = { __proto__: null, destination: '', referrer: 'about:client', integrity: '', keepalive: false };
  DEFAULTS.isReloadNavigation = DEFAULTS.isHistoryNavigation = false;
  for (const [name, value] of CHOICES) DEFAULTS[name] = value;

  const chosen = (choice, value) => {
    const text = String(value);
    for (let i = 1; i < choice.length; i++) if (choice[i] === text) return text;
    throw new TypeError("Request: '" + text + "' is no value of \"" + choice[0] + '".');
  };

  const isSilent = (given) => {
    const { referrerPolicy, mode, credentials, cache, redirect, duplex, priority } = given;
    const { integrity, keepalive, referrer, window } = given;
    return (
      (referrerPolicy ?? mode ?? credentials ?? cache ?? redirect ?? duplex ?? priority) === undefined &&
      (integrity ?? keepalive ?? referrer ?? window) === undefined
    );
  };

  const optionsOf = (given, before) => {
    // Most say nothing of them.
    if (given === undefined || isSilent(given)) return before;
    let options = before;
    const put = (name, value) => {
      if (options === before) {
        options = { __proto__: null };
        for (const known in before) options[known] = before[known];
      }
      options[name] = value;
    };
    for (let i = 0; i < CHOICES.length; i++) {
      const value = given[CHOICES[i][0]];
      if (value !== undefined) put(CHOICES[i][0], chosen(CHOICES[i], value));
    }
    if (given.integrity !== undefined) put('integrity', String(given.integrity));
    if (given.keepalive !== undefined) put('keepalive', !!given.keepalive);
    if (given.referrer !== undefined) {
      const referrer = String(given.referrer);
      put('referrer', referrer === '' ? 'no-referrer' : addressOf(referrer));
    }
    if (given.mode === 'navigate') throw new TypeError('Request: the mode of a request cannot be "navigate".');
    if (given.window !== undefined && given.window !== null) throw new TypeError('Request: "window" can only be null.');
    if (options.cache === 'only-if-cached' && options.mode !== 'same-origin') {
      throw new TypeError('Request: "only-if-cached" needs the mode "same-origin".');
    }
    return options;
  };

  const KEY = {};
  let optionOf;
  let stateOf; // of a Request

  class Request {
    #state;

    constructor(input, init = undefined, key = undefined) {
      if (arguments.length === 0) throw new TypeError('Request: the first argument is a URL or a request.');
      const from = stateOf(input);
      const given = init ?? {};
      const state = {
        __proto__: null,
        url: from !== undefined ? from.url : key === KEY ? String(input) : publicAddressOf(input),
        options: optionsOf(init ?? undefined, from?.options ?? DEFAULTS),
        method: given.method === undefined ? (from?.method ?? 'GET') : methodOf(given.method),
        headers: undefined,
        body: null,
        signal: given.signal === undefined ? from?.signal : (given.signal ?? undefined),
      };
      const { method } = state;
      if (state.options.mode === 'no-cors' && method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
        throw new TypeError("Request: '" + method + "' is no method of the mode no-cors.");
      }
      if (state.signal !== undefined && !engine.isSignal(state.signal)) {
        throw new TypeError('Request: the "signal" option must be an AbortSignal.');
      }
      state.headers = new Headers(given.headers ?? from?.headers);
      const isBodyless = method === 'GET' || method === 'HEAD';
      const hasBody = given.body !== undefined && given.body !== null;
      const inherited = from?.body ?? null;
      if (isBodyless && (hasBody || inherited !== null)) {
        throw new TypeError('Request with GET/HEAD method cannot have body.');
      }
      const { body, type } = bodies.extract(given.body);
      if (body !== null) state.body = body;
      else if (inherited !== null) state.body = bodies.move(inherited);
      // Whoever takes a request's place has its body, even to put another one there.
      if (inherited !== null) inherited.isUsed = true;
      if (type !== undefined && !state.headers.has('content-type')) state.headers.set('content-type', type);
      this.#state = state;
    }

    static {
      stateOf = (value) => (typeof value === 'object' && value !== null && #state in value ? value.#state : undefined);
      optionOf = (request, name) => request.#state.options[name];
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
    get signal() {
      this.#state.signal ??= engine.newSignal();
      return this.#state.signal;
    }
    clone() {
      const { url, method, headers, options, signal, body } = this.#state;
      const teed = bodies.tee(body);
      const copy = new Request(url, { __proto__: null, method, headers, signal }, KEY);
      stateOf(copy).options = options;
      stateOf(copy).body = teed;
      return copy;
    }
  }
  for (const name in DEFAULTS) {
    if (name === 'priority') continue; // which the standard lets nobody ask
    const holder = {
      get [name]() {
        return optionOf(this, name);
      },
    };
    defineProperty(Request.prototype, name, getOwnPropertyDescriptor(holder, name));
  }
  engine.mixBody(Request, (self) => {
    const state = stateOf(self);
    if (state === undefined) throw new TypeError('Illegal invocation');
    return state.body;
  });

  let responseOf;
  const isRedirect = (status) =>
    status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
  const hasNoBody = (status) => status === 101 || status === 204 || status === 205 || status === 304;

  const statusOf = (given) => {
    const status = floor(Number(given));
    if (status >= 200 && status <= 599) return status;
    throw new RangeError('Response: the status must lie between 200 and 599.');
  };
  const phraseOf = (given) => {
    const text = String(given);
    for (let i = 0; i < text.length; i++) {
      const code = stringCharCode(text, i);
      if (code > 255 || code === 127 || (code < 32 && code !== 9)) {
        throw new TypeError('Response: the "statusText" option has a character that no status line can have.');
      }
    }
    return text;
  };

  const respond = (content, init) => {
    if (init !== undefined && init !== null && typeof init !== 'object' && typeof init !== 'function') {
      throw new TypeError('Response: the "init" argument must be an object.');
    }
    const status = init?.status === undefined ? 200 : statusOf(init.status);
    const statusText = init?.statusText === undefined ? '' : phraseOf(init.statusText);
    const headers = new Headers(init?.headers ?? undefined);
    const { body, type } = content;
    if (body !== null && hasNoBody(status)) {
      throw new TypeError('Response: an answer with the status ' + status + ' has no body.');
    }
    if (type !== undefined && !headers.has('content-type')) headers.set('content-type', type);
    return { __proto__: null, status, statusText, headers, body, url: '', redirected: false, type: 'default' };
  };

  class Response {
    #state;

    constructor(content = null, init = undefined, key = undefined) {
      this.#state = key === KEY ? content : respond(bodies.extract(content), init);
    }

    static {
      responseOf = (value) => {
        const isOne = typeof value === 'object' && value !== null && #state in value;
        if (!isOne) throw new TypeError('Illegal invocation');
        return value.#state;
      };
    }

    static json(data, init = undefined) {
      const text = jsonStringify(data);
      if (text === undefined) throw new TypeError('Response.json: the value has no form in JSON.');
      const { body } = bodies.extract(text);
      return new Response(respond({ __proto__: null, body, type: 'application/json' }, init), undefined, KEY);
    }
    static error() {
      const state = respond({ __proto__: null, body: null, type: undefined }, undefined);
      state.status = 0;
      state.type = 'error';
      seal(state.headers);
      return new Response(state, undefined, KEY);
    }
    static redirect(url, status = 302) {
      const location = addressOf(url);
      if (!isRedirect(+status)) throw new RangeError('Response: ' + String(status) + ' is no status of a redirect.');
      const response = new Response(null, { __proto__: null, status, headers: { __proto__: null, location } });
      seal(response.#state.headers);
      return response;
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
      if (isSealed(headers)) seal(state.headers);
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
    // Of its address the host is the judge.
    const request = new Request(input, init, KEY);
    const { url, method, headers, options, signal, body } = stateOf(request);
    const { redirect } = options;
    if (signal?.aborted) throw signal.reason;
    const bytes = body === null ? undefined : await bodies.all(body);
    if (!headers.has('accept')) headers.append('accept', '*/*');
    if (!headers.has('user-agent')) headers.append('user-agent', 'lambkin');
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
      headers: seal(new Headers(answer.headers)),
      body: answer.body === 0 ? null : bodies.newBody(undefined, answer.body),
      url: answer.url,
      redirected: answer.redirected,
      type: 'basic',
    };
    if (state.body !== null) state.body.signal = signal;
    return new Response(state, undefined, KEY);
  });

  exposeClass(Request);
  exposeClass(Response);
})
