async function lambda(input, callback) {
  await null;
}
