function lambda(input, callback) {
  callback();
}
