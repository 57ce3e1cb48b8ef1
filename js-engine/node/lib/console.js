// Why this file exists: `require('console')` is the global console, whose entries are the invocation's log. `Console`
// makes others, which write to streams.
'use strict';
const { Console } = require('internal/console');

Object.defineProperty(console, 'Console', { value: Console, writable: true, enumerable: true, configurable: true });
module.exports = console;
