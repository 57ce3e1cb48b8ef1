function lambda(input, callback) {
  Promise.reject(new Error("swallowed")).then(() => callback(null, 1));
}
