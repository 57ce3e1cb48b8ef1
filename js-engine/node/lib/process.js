// Why this file exists: `require('process')` is the global process.
'use strict';
module.exports = engine.process;
