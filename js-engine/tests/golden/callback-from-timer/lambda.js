function lambda(input, callback) {
  setTimeout(callback, 10, null, "tick");
}
