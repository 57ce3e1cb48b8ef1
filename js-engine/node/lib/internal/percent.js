// Why this file exists: how URLSearchParams decodes what has a valid escape in it. Node 10 asks `querystring.unescape`, which lambdas
// can replace, and which reads on after a lone `%2` as if it were half an escape: `%2*` came out as `%2%2a`. `querystring` itself
// stays Node 10's; pack.mjs puts this in its place in internal/url alone.
'use strict';
const { Buffer } = require('buffer');

const digitOf = (code) => {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

exports.unescape = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    // An escape that is none, or bytes that are not UTF-8.
  }
  const bytes = Buffer.from(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = bytes[i] === 37 && i + 2 < bytes.length ? [digitOf(bytes[i + 1]), digitOf(bytes[i + 2])] : [-1, -1];
    const isEscape = high >= 0 && low >= 0;
    bytes[length++] = isEscape ? high * 16 + low : bytes[i];
    if (isEscape) i += 2;
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, length));
};
