function lambda(input, callback) {
  callback(false, "an error that is not null");
}
