function lambda(input, callback) {
  console.info();
  console.info(undefined);
  console.info(null);
  console.info(42);
  console.info({ object: true }, "extra");
  console.info(["array"]);
  console.info("\ud800 lone, \u{1f411} astral, \u2028, \" \\ \n \u0001");
  callback();
}
