async function lambda(input, callback) {
  callback(null, await Promise.resolve(1));
}
