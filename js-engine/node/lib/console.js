// Why this file exists: `require('console')` is the global console, whose entries are the invocation's log.
'use strict';
module.exports = console;
