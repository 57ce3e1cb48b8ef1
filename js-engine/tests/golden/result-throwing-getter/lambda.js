function lambda(input, callback) {
  callback(null, {
    get trap() {
      throw new TypeError("sprung");
    },
  });
}
