function lambda(input, callback) {
  if (input.payload) {
    callback(null, 1);
}
