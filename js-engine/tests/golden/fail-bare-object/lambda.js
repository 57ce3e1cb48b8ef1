function lambda(input, callback) {
  callback({ reason: "bare" });
}
