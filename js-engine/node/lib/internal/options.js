// Why this file exists: command line options of Node; a lambda has none.
'use strict';
exports.getOptionValue = () => undefined;
