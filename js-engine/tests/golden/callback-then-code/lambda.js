function lambda(input, callback) {
  callback(null, "early");
  console.info("same turn");
  setTimeout(() => console.info("later"), 5);
  Promise.resolve().then(() => console.info("microtask"));
}
