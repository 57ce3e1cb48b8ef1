function lambda(input, callback) {
  console.info("the last line", 1);
}
