// Why this file exists: what Node's library asks about its own modules; the loader itself is js/core.js.
'use strict';
exports.NativeModule = { require, exists: engine.hasCoreFile, nonInternalExists: engine.hasCoreFile };
exports.internalBinding = internalBinding;
