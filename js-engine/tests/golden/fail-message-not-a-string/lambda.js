function lambda(input, callback) {
  callback({ message: { nested: [1] } });
}
