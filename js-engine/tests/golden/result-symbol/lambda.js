function lambda(input, callback) {
  callback(null, Symbol("no JSON"));
}
