// Why this file exists: `util.TextEncoder` and `util.TextDecoder` are the global ones (js/text.js).
'use strict';
exports.TextDecoder = TextDecoder;
exports.TextEncoder = TextEncoder;
