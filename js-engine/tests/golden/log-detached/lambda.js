function lambda(input, callback) {
  const { info } = console;
  ["a", "b"].forEach(info);
  callback();
}
