// Why this file exists: a name that Node 10 has not for something that it has.
'use strict';
module.exports = require('util').types;
