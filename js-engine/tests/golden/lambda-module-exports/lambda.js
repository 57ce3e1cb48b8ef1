function lambda(input, callback) {
  callback(null, [typeof module, typeof exports, __filename, __dirname, this === undefined]);
}
module.exports = lambda;
module.exports = { lambda };
