function lambda(input, callback) {
  console.debug("d");
  console.info("i", 1, { two: 2 });
  console.warn("w", [null, true]);
  console.error("e", "s");
  console.log("l");
  callback();
}
