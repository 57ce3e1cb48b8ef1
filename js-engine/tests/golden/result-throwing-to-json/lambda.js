function lambda(input, callback) {
  callback(null, {
    toJSON() {
      throw new Error("no way");
    },
  });
}
