function lambda(input, callback) {
  callback(null, { then: (resolve) => resolve("from a thenable") });
}
