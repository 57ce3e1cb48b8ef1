function lambda(input, callback) {
  callback(null, `Hello ${input.payload.name}`);
}
