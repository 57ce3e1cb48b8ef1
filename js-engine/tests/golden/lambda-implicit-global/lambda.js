lambda = function (input, callback) {
  callback(null, typeof globalThis.lambda);
};
