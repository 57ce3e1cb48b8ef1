function lambda(input, callback) {
  return setTimeout(() => callback(null, "the callback counts"), 5);
}
