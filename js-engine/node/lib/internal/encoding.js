// Why this file exists: `util.TextEncoder` and `util.TextDecoder` are the global ones (js/text.js); shown is what Node shows.
'use strict';
const { customInspectSymbol } = require('internal/util');

for (const [type, fields] of [[TextEncoder, ['encoding']], [TextDecoder, ['encoding', 'fatal', 'ignoreBOM']]]) {
  const inspect = function inspect(depth, options) {
    // The getters refuse a `this` that is something else.
    const shown = Object.create({ constructor: type });
    for (const field of fields) shown[field] = Reflect.get(type.prototype, field, this);
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    return require('util').inspect(shown, options);
  };
  Object.defineProperty(type.prototype, customInspectSymbol, { value: inspect, writable: true, configurable: true });
}

exports.TextDecoder = TextDecoder;
exports.TextEncoder = TextEncoder;
