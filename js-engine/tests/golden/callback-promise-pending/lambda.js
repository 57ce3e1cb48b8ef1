function lambda(input, callback) {
  callback(null, new Promise(() => {}));
}
