// Why this file exists: making key pairs takes seconds without native code of its own for it, so it is not offered.
'use strict';
const refuse = (name) =>
  function () {
    const reason = 'make the keys elsewhere and keep them as a secret';
    const error = new Error('crypto.' + name + '() is not available in a lambda: ' + reason);
    error.code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';
    throw error;
  };
exports.generateKeyPair = refuse('generateKeyPair');
exports.generateKeyPairSync = refuse('generateKeyPairSync');
