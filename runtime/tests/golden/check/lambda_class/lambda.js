class lambda {
  run(input, callback) {
    callback(null, input);
  }
}
