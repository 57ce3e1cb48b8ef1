function lambda(input, callback) {
  callback(null, <b>bold</b>);
}
