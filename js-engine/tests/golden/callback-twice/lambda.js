function lambda(input, callback) {
  callback(null, "first");
  callback(new Error("second"));
  callback(null, "third");
}
