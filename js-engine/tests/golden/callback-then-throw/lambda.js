function lambda(input, callback) {
  callback(null, "kept");
  throw new Error("too late");
}
