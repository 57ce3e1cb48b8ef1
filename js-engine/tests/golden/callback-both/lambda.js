function lambda(input, callback) {
  callback(new Error("wins"), "loses");
}
