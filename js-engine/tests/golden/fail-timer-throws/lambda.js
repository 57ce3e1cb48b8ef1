function lambda(input, callback) {
  setTimeout(() => {
    throw new Error("in a timer");
  }, 5);
  setTimeout(() => callback(null, "too late"), 50);
}
