// Why this file exists: of the options that lambdas give to request-promise, most mean something plain: a URL, a query,
// header fields, a body. For those this says at once what the packages and Node's `http` would hand to the host
// (internal/unseen_requests.js), and of all others that it does not know.
'use strict';
const { Buffer } = require('buffer');
const { plain: plainUrl } = require('internal/shortcuts');

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
// Options that make no difference to what is sent, nor to how an answer with 2xx is read.
const WITHOUT_EFFECT = ['simple', 'followRedirect', 'followAllRedirects', 'maxRedirects'];
const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
// Those that Node's `http` or the connection have an opinion about.
const JUDGED = [
  'connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade',
];
// Shorter ones may end before there is a connection, which is another error.
const SHORTEST_TIMEOUT = 100;

const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const escaped = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => '%' + sign.charCodeAt(0).toString(16).toUpperCase());

// `a=1&b=x%20y`, or undefined; `copy` takes the values.
const queryOf = (values, copy) => {
  const pairs = [];
  for (const name in values) {
    const value = values[name];
    const kind = typeof value;
    copy[name] = value;
    if (kind !== 'string' && kind !== 'number' && kind !== 'boolean') return undefined;
    try {
      pairs.push(escaped(name) + '=' + escaped(String(value)));
    } catch {
      return undefined; // half of a surrogate pair
    }
  }
  return pairs.join('&');
};

// Adds `headers` to the fields; their names in lower case, or undefined.
const addFields = (fields, headers) => {
  const seen = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    const lower = name.toLowerCase();
    if (typeof value !== 'string' || !NAME.test(name) || !VALUE.test(value)) return undefined;
    if (JUDGED.includes(lower) || seen.includes(lower)) return undefined;
    if (lower === 'content-type' && value.toLowerCase().includes('urlencoded')) return undefined;
    seen.push(lower);
    fields.push([name, value]);
  }
  return seen;
};

// The text of a body, or undefined; `copies` takes what has the same text later.
const textOf = ({ json, body }, copies) => {
  if (!json) return typeof body === 'string' && body !== '' ? body : undefined;
  if (json !== true && body !== undefined) return undefined;
  const name = json === true ? 'body' : 'json';
  try {
    const text = JSON.stringify(json === true ? body : json);
    copies[name] = JSON.parse(text);
    return name === 'json' && !isRecord(copies.json) ? undefined : text;
  } catch {
    return undefined;
  }
};

const isKnown = (name, value) => {
  switch (name) {
    case 'uri':
    case 'url':
      return typeof value === 'string';
    case 'json':
      return value === undefined || typeof value === 'boolean' || isRecord(value);
    case 'method':
      return value === undefined || METHODS.includes(value);
    case 'headers':
    case 'qs':
      return value === undefined || isRecord(value);
    case 'body':
      return true;
    case 'timeout':
      return value === undefined || (typeof value === 'number' && value >= SHORTEST_TIMEOUT && value <= 2147483647);
    case 'resolveWithFullResponse':
      return value !== true;
    default:
      return value === undefined ? name === 'callback' || name === 'pool' : WITHOUT_EFFECT.includes(name) && typeof value !== 'function';
  }
};

// { head, body, isJson, timeout, copies }: `copies` are of options that the caller may change. Or undefined.
module.exports = (options) => {
  for (const name in options) {
    if (!isKnown(name, options[name])) return undefined;
  }
  const { uri, method = 'GET', headers, qs, json, body, timeout } = options;
  if (uri !== undefined && options.url !== undefined) return undefined;
  const parts = plainUrl(uri ?? options.url);
  if (parts === null || parts[2] === 'unix') return undefined;
  const copies = { __proto__: null };

  let search = parts[5] ?? '';
  if (qs !== undefined) {
    copies.qs = {};
    const query = queryOf(qs, copies.qs);
    if (query === undefined || (query !== '' && search !== '')) return undefined;
    if (query !== '') search = '?' + query;
  }

  const host = parts[2];
  const port = parts[3];
  const fields = [];
  let given;
  if (headers !== undefined) {
    given = addFields(fields, headers);
    if (given === undefined) return undefined;
    copies.headers = { ...headers };
  }
  fields.push(['host', port === undefined ? host : host + ':' + port]);
  if (json && !given?.includes('accept')) fields.push(['accept', 'application/json']);

  let bytes;
  if (body !== undefined || isRecord(json)) {
    const text = method === 'GET' ? undefined : textOf(options, copies);
    if (text === undefined) return undefined;
    bytes = Buffer.from(text);
    if (json && !given?.includes('content-type')) fields.push(['content-type', 'application/json']);
    fields.push(['content-length', String(bytes.length)]);
  } else if (method !== 'GET') fields.push(['content-length', '0']);
  fields.push(['Connection', 'close']);

  const target = parts[1] + '//' + host + ':' + (port ?? (parts[1] === 'http:' ? '80' : '443')) + (parts[4] ?? '/') + search;
  const head = { __proto__: null, method, url: target, headers: fields, redirect: 'manual', maxRedirects: 0, decode: false, timeout: 0 };
  return { __proto__: null, head, body: bytes, isJson: !!json, timeout, copies };
};
