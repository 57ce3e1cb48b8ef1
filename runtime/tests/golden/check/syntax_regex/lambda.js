function lambda(input, callback) {
  callback(null, /(unclosed/.test(input.payload));
}
