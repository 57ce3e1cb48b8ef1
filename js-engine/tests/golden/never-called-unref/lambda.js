function lambda(input, callback) {
  setTimeout(() => callback(null, 1), 10).unref();
}
