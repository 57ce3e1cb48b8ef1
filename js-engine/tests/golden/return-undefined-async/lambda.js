async function lambda(input, callback) {
  setTimeout(() => callback(null, "from the timer"), 5);
}
