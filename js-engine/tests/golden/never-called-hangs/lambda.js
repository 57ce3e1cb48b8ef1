async function lambda(input, callback) {
  await new Promise(() => {});
  callback(null, 1);
}
