function lambda(input, callback) {
  callback(null, Promise.reject(new RangeError("too far")));
}
