function lambda(input, callback) {
  callback(null, "fine");
}
// the end
