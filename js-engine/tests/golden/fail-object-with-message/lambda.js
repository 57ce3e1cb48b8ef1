function lambda(input, callback) {
  callback({ message: "in an object" });
}
