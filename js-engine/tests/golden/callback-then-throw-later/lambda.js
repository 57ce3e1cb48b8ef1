function lambda(input, callback) {
  callback(null, "kept");
  setTimeout(() => {
    throw new Error("much too late");
  }, 5);
}
