function lambda(input, callback) {
  callback(null, 'it's done);
}
