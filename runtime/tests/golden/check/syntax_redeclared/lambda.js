function lambda(input, callback) {
  const result = 1;
  const result = 2;
  callback(null, result);
}
