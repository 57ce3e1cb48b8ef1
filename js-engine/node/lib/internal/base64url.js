// Why this file exists: the encoding `base64url`, which Node 10 has not. Its decoder reads both alphabets, so what is new
// are the name and what it writes.
'use strict';
const { Buffer } = require('buffer');

const isUrl = (encoding) => typeof encoding === 'string' && encoding.length === 9 && encoding.toLowerCase() === 'base64url';
const plain = (encoding) => (isUrl(encoding) ? 'base64' : encoding);
const forUrl = (text) => text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

// Puts `make(original)` in the place of a function; name and arity stay.
const replace = (holder, name, make) => {
  const original = holder[name];
  const replacement = make(original);
  for (const field of ['name', 'length']) Object.defineProperty(replacement, field, { value: original[field], configurable: true });
  holder[name] = replacement;
};
// The encoding is the last argument, or the one before a position.
const renamed = (original) =>
  function (...args) {
    for (let i = args.length - 1; i > 0; i--) args[i] = plain(args[i]);
    return Reflect.apply(original, this, args);
  };

replace(Buffer, 'from', (original) => function (value, encodingOrOffset, length) {
  return original(value, plain(encodingOrOffset), length);
});
replace(Buffer, 'isEncoding', (original) => function (encoding) {
  return original(plain(encoding));
});
replace(Buffer, 'byteLength', (original) => function (text, encoding, ...rest) {
  // Base64 in Node 10 counts what the padding would tell.
  if (isUrl(encoding) && typeof text === 'string') return Math.floor((text.replace(/=+$/, '').length * 3) / 4);
  return original(text, encoding, ...rest);
});
replace(Buffer, 'alloc', renamed);
for (const name of ['write', 'fill', 'indexOf', 'lastIndexOf', 'includes']) replace(Buffer.prototype, name, renamed);
replace(Buffer.prototype, 'toString', (original) => function (encoding, start, end) {
  if (arguments.length === 0) return original.call(this);
  if (isUrl(encoding)) return forUrl(original.call(this, 'base64', start, end));
  return original.call(this, encoding, start, end);
});
