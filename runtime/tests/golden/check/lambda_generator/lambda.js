function* lambda(input, callback) {
  yield callback(null, input);
}
