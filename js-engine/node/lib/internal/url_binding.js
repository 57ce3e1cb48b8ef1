// Why this file exists: Node's URL asks its binding for parts, state by state; the parser here (src/node/url.rs) works
// on whole URLs. This file translates between the two.
'use strict';
const { node } = engine;

const FLAGS = {
  URL_FLAGS_NONE: 0,
  URL_FLAGS_FAILED: 1,
  URL_FLAGS_CANNOT_BE_BASE: 2,
  URL_FLAGS_INVALID_PARSE_STATE: 4,
  URL_FLAGS_TERMINATED: 8,
  URL_FLAGS_SPECIAL: 16,
  URL_FLAGS_HAS_USERNAME: 32,
  URL_FLAGS_HAS_PASSWORD: 64,
  URL_FLAGS_HAS_HOST: 128,
  URL_FLAGS_HAS_PATH: 256,
  URL_FLAGS_HAS_QUERY: 512,
  URL_FLAGS_HAS_FRAGMENT: 1024,
  URL_FLAGS_IS_DEFAULT_SCHEME_PORT: 2048,
};
const STATES = { kSchemeStart: 0, kHost: 10, kHostname: 11, kPort: 12, kPathStart: 16, kQuery: 19, kFragment: 20 };
const PARTS = {
  __proto__: null,
  0: 'protocol',
  10: 'host',
  11: 'hostname',
  12: 'port',
  16: 'pathname',
  19: 'search',
  20: 'hash',
};
const DEFAULT_PORTS = { __proto__: null, 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443, 'ftp:': 21, 'gopher:': 70 };

const hrefOf = (context) => {
  let href = context.scheme;
  if (context.host !== null) {
    href += '//';
    if (context.username !== '' || context.password !== '') {
      href += context.username;
      if (context.password !== '') href += ':' + context.password;
      href += '@';
    }
    href += context.host;
    if (context.port !== null) href += ':' + context.port;
  } else if (context.scheme === 'file:') {
    href += '//';
  }
  if ((context.flags & FLAGS.URL_FLAGS_CANNOT_BE_BASE) !== 0) href += context.path[0];
  else if (context.path.length !== 0) href += '/' + context.path.join('/');
  if (context.query !== null) href += '?' + context.query;
  if (context.fragment !== null) href += '#' + context.fragment;
  return href;
};

const complete = (parts, callback, scheme) => {
  let flags = 0;
  if (parts.opaque) flags |= FLAGS.URL_FLAGS_CANNOT_BE_BASE;
  if (parts.special) flags |= FLAGS.URL_FLAGS_SPECIAL;
  if (parts.username !== '') flags |= FLAGS.URL_FLAGS_HAS_USERNAME;
  if (parts.password !== '') flags |= FLAGS.URL_FLAGS_HAS_PASSWORD;
  const host = parts.host ?? null;
  if (host !== null) flags |= FLAGS.URL_FLAGS_HAS_HOST;
  let path = [];
  if (parts.opaque) path = [parts.path];
  else if (parts.path !== '') path = parts.path.slice(1).split('/');
  if (path.length !== 0) flags |= FLAGS.URL_FLAGS_HAS_PATH;
  const query = parts.query ?? null;
  if (query !== null) flags |= FLAGS.URL_FLAGS_HAS_QUERY;
  const fragment = parts.fragment ?? null;
  if (fragment !== null) flags |= FLAGS.URL_FLAGS_HAS_FRAGMENT;
  const port = parts.port ?? null;
  if (port === null && scheme in DEFAULT_PORTS) flags |= FLAGS.URL_FLAGS_IS_DEFAULT_SCHEME_PORT;
  callback(flags, parts.protocol, parts.username, parts.password, host, port, path, query, fragment);
};

function parse(input, state, base, context, onComplete, onError) {
  // Half a surrogate pair is one character that is replaced, not its bytes.
  input = input.toWellFormed();
  // A fragment has no NUL: Node 10 drops it, where today's standard escapes it.
  if (state === STATES.kFragment) input = input.replace(/\0/g, '');
  if (state === -1) {
    const hash = input.indexOf('\0') === -1 ? -1 : input.indexOf('#');
    if (hash !== -1) input = input.slice(0, hash) + input.slice(hash).replace(/\0/g, '');
    const parts = node.urlParse(input, base === undefined || base === null ? undefined : hrefOf(base));
    if (parts === undefined) onError(FLAGS.URL_FLAGS_FAILED, input);
    else complete(parts, onComplete, '');
    return;
  }
  // Node 10 takes a name up to its port, where today's standard takes nothing.
  if (state === STATES.kHostname && input[0] !== '[' && context.scheme !== 'file:') [input] = input.split(':', 1);
  // What a setter refuses leaves the URL as it is.
  const parts = node.urlSet(hrefOf(context), PARTS[state], input);
  if (parts !== undefined) complete(parts, onComplete, parts.protocol);
}

module.exports = {
  ...FLAGS,
  ...STATES,
  parse,
  encodeAuth: (text) => node.encodeAuth(text.toWellFormed()),
  toUSVString: (text) => text.toWellFormed(),
  domainToASCII: node.domainToASCII,
  // The native function has no answer for addresses.
  domainToUnicode: (domain) => (/^[\d.]+$|^\[/.test(domain) ? domain : node.domainToUnicode(domain)),
  setURLConstructor() {},
};
