// Why this file exists: the error of whatever Node has and a lambda cannot have.
'use strict';

module.exports = (what, reason) => {
  const error = new Error(what + ' is not available in a lambda: ' + reason);
  error.code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';
  return error;
};
