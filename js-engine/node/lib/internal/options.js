// Why this file exists: command line options of Node; a lambda has what they are by themselves.
'use strict';
const DEFAULTS = { __proto__: null, '--max-http-header-size': 8192 };

exports.getOptionValue = (name) => DEFAULTS[name];
