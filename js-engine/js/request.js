// Why this file exists: the HTTP client of the toolbelt, with the interface of npm's request-promise: options,
// defaults, StatusCodeError, RequestError. It is built on the host's own client (js/operations.js): no sockets here.
(function requestClient(engine) {
  'use strict';
  const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete', 'del'];
  const decode = (bytes) => engine.natives.decode('utf-8', bytes, 0, false, false);

  class StatusCodeError extends Error {
    constructor(statusCode, body, options, response) {
      super(statusCode + ' - ' + (JSON.stringify(body) ?? body));
      this.name = 'StatusCodeError';
      this.statusCode = statusCode;
      this.error = body;
      this.options = options;
      this.response = response;
    }
  }

  class RequestError extends Error {
    constructor(cause, options, response) {
      super(String(cause));
      this.name = 'RequestError';
      this.cause = this.error = cause;
      this.options = options;
      this.response = response;
    }
  }

  const escape = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());

  // `a=1&b[c]=2&d[0]=3`, as npm's qs writes it.
  const querystring = (value, prefix) => {
    const pairs = [];
    for (const key of Object.keys(value)) {
      const name = prefix === undefined ? key : prefix + '[' + key + ']';
      const item = value[key];
      if (item === undefined || typeof item === 'function') continue;
      if (item instanceof Date) pairs.push(escape(name) + '=' + escape(item.toISOString()));
      else if (typeof item === 'object' && item !== null) pairs.push(querystring(item, name));
      else pairs.push(escape(name) + '=' + (item === null ? '' : escape(String(item))));
    }
    return pairs.filter((pair) => pair !== '').join('&');
  };

  const nameIn = (pair) => {
    const name = pair.split('=', 1)[0];
    try {
      return decodeURIComponent(name.replace(/\+/g, ' '));
    } catch {
      return name;
    }
  };

  // Header fields by lower-case name; the last of several spellings counts, as in request.
  const fieldsOf = (headers) => {
    const fields = new Map();
    for (const name of Object.keys(headers ?? {})) {
      if (headers[name] !== undefined) fields.set(name.toLowerCase(), [name, headers[name]]);
    }
    return fields;
  };
  const missing = (fields, name, value) => {
    if (!fields.has(name)) fields.set(name, [name, value]);
  };

  const urlOf = (options) => {
    let url = options.uri ?? options.url;
    if (url === undefined || url === null) throw new Error('options.uri is a required argument');
    if (typeof url === 'object') url = url.href ?? String(url);
    if (options.baseUrl !== undefined) {
      const base = options.baseUrl.replace(/\/$/, '');
      url = url === '' ? base : base + (url.startsWith('/') ? '' : '/') + url;
    }
    if (options.qs === undefined || options.qs === null) return url;
    const hash = url.indexOf('#');
    const plain = hash === -1 ? url : url.slice(0, hash);
    const query = typeof options.qs === 'string' ? options.qs : querystring(options.qs);
    // What the URL has under the same names gives way.
    const names = typeof options.qs === 'string' ? [] : Object.keys(options.qs);
    const { 0: path, 1: old = '' } = plain.split(/\?(.*)/s);
    const kept = old.split('&').filter((pair) => pair !== '' && !names.includes(nameIn(pair)));
    if (query !== '') kept.push(query);
    return kept.length === 0 ? path : path + '?' + kept.join('&');
  };

  const bytesOf = async (options, fields) => {
    if (options.form !== undefined) {
      missing(fields, 'content-type', 'application/x-www-form-urlencoded');
      return typeof options.form === 'string' ? options.form : querystring(options.form);
    }
    if (options.formData !== undefined) {
      const form = new FormData();
      for (const name of Object.keys(options.formData)) {
        const all = Array.isArray(options.formData[name]) ? options.formData[name] : [options.formData[name]];
        for (const one of all) {
          const { value, options: about = {} } = one?.value === undefined ? { value: one } : one;
          if (!ArrayBuffer.isView(value)) form.append(name, String(value));
          else form.append(name, new Blob([value], { type: about.contentType }), about.filename ?? 'file');
        }
      }
      const { body, type } = engine.bodies.extract(form);
      missing(fields, 'content-type', type);
      return engine.bodies.all(body);
    }
    if (options.json !== undefined && options.json !== false) {
      const body = options.json === true ? options.body : options.json;
      if (body === undefined) return undefined;
      missing(fields, 'content-type', 'application/json');
      return typeof body === 'string' && options.json === true ? body : JSON.stringify(body);
    }
    const { body } = options;
    if (body === undefined || body === null || typeof body === 'string' || ArrayBuffer.isView(body)) return body;
    if (Array.isArray(body)) return body.join('');
    throw new Error('Argument error, options.body.');
  };

  const authorize = (auth, fields) => {
    if (auth === undefined || auth === null) return;
    const bearer = typeof auth.bearer === 'function' ? auth.bearer() : auth.bearer;
    const user = auth.user ?? auth.username ?? '';
    const pass = auth.pass ?? auth.password ?? '';
    const pair = String.fromCharCode(...new TextEncoder().encode(user + ':' + pass));
    missing(fields, 'authorization', bearer === undefined ? 'Basic ' + btoa(pair) : 'Bearer ' + bearer);
  };

  const headersOf = (list) => {
    const headers = {};
    for (const { 0: spelled, 1: value } of list) {
      const name = spelled.toLowerCase();
      if (name === 'set-cookie') (headers[name] ??= []).push(value);
      else headers[name] = headers[name] === undefined ? value : headers[name] + ', ' + value;
    }
    return headers;
  };

  const operate = (start) =>
    new Promise((resolve, reject) => {
      start((error, answer) => (error === undefined ? resolve(answer) : reject(error)));
    });

  // Sends a request; its response, whatever its status.
  const exchange = async (options) => {
    const method = String(options.method ?? 'GET').toUpperCase();
    const fields = fieldsOf(options.headers);
    const url = urlOf(options);
    const given = await bytesOf(options, fields);
    const body = typeof given === 'string' ? new TextEncoder().encode(given) : (given ?? undefined);
    authorize(options.auth, fields);
    if (options.json !== undefined && options.json !== false) missing(fields, 'accept', 'application/json');
    const isSafe = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
    const follows = options.followAllRedirects || (isSafe && (options.followRedirect ?? true));
    const headers = [];
    for (const [name, value] of fields.values()) {
      for (const one of Array.isArray(value) ? value : [value]) headers.push([name, String(one)]);
    }
    const head = { method, url, headers, redirect: follows ? 'follow' : 'manual' };
    head.maxRedirects = options.maxRedirects ?? 10;
    head.decode = options.gzip === true;
    head.timeout = Number(options.timeout ?? 0);
    head.identity = options.identity;
    const answer = await operate((settle) => engine.http.request(head, body, settle));
    const bytes =
      answer.body === 0
        ? new Uint8Array(0)
        : await operate((settle) => engine.http.read(answer.body, 1 << 30, settle));
    const response = {
      statusCode: answer.status,
      statusMessage: answer.statusText,
      httpVersion: answer.httpVersion,
      headers: headersOf(answer.headers),
      request: { uri: { href: answer.url }, method, headers: Object.fromEntries(headers) },
      body: bytes,
    };
    response.toJSON = () => {
      const { statusCode, headers: received, request, body: shown } = response;
      return { statusCode, body: shown, headers: received, request };
    };
    if (options.encoding === null) {
      if (typeof Buffer === 'function') response.body = Buffer.from(bytes.buffer);
      return response;
    }
    const latin1 = /^(latin1|binary)$/i.test(options.encoding ?? '');
    response.body = latin1 ? new TextDecoder('latin1').decode(bytes) : decode(bytes);
    if (options.json !== undefined && options.json !== false && response.body !== '') {
      try {
        response.body = JSON.parse(response.body);
      } catch {
        // What is no JSON stays text.
      }
    }
    return response;
  };

  const perform = async (options) => {
    try {
      return await exchange(options);
    } catch (cause) {
      throw new RequestError(cause, options);
    }
  };

  // What the promise of a response is kept with.
  const judged = (response, options) => {
    const isFull = options.resolveWithFullResponse === true;
    if ((options.simple ?? true) && !(response.statusCode >= 200 && response.statusCode < 300)) {
      throw new StatusCodeError(response.statusCode, response.body, options, response);
    }
    if (typeof options.transform === 'function') return options.transform(response.body, response, isFull);
    if (isFull) return response;
    // There is no body to a HEAD.
    return response.request.method === 'HEAD' ? response.headers : response.body;
  };

  const merged = (defaults, options) => {
    const result = { ...defaults, ...options };
    if (defaults.headers !== undefined) result.headers = { ...defaults.headers, ...options.headers };
    if (typeof defaults.qs === 'object' && typeof options.qs === 'object') {
      result.qs = { ...defaults.qs, ...options.qs };
    }
    return result;
  };

  // A client: client(uri, options?, callback?) or client(options, callback?), with `get`, `post`, … and `defaults`.
  const clientWith = (defaults, method) => {
    const client = function request(uri, options, callback) {
      const isApart = typeof uri === 'string' || typeof uri?.href === 'string';
      const rest = isApart ? (typeof options === 'object' ? options : undefined) : uri;
      const done = typeof options === 'function' ? options : callback;
      const given = isApart ? { ...rest, uri } : { ...rest };
      if (method !== undefined) given.method = method;
      const all = merged(defaults, given);
      const answered = perform(all);
      const promise = answered.then((response) => judged(response, all));
      promise.promise = () => promise;
      const call = done ?? all.callback;
      // As in request: any status is an answer, and only what got none is an error.
      if (typeof call === 'function') {
        answered.then(
          (response) => call(null, response, response.body),
          (error) => call(error.cause)
        );
        promise.catch(() => {});
      }
      return promise;
    };
    if (method !== undefined) return client;
    for (const name of METHODS) client[name] = clientWith(defaults, name === 'del' ? 'DELETE' : name.toUpperCase());
    client.defaults = (more) => clientWith(merged(defaults, more));
    return client;
  };

  engine.requestClient = { __proto__: null, clientWith, RequestError, StatusCodeError };
})
