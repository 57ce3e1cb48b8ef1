function lambda(input, callback) {
  callback(404);
}
