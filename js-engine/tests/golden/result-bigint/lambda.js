function lambda(input, callback) {
  callback(null, { big: 1n });
}
