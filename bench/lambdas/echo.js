// JSON in and out, and nothing else.
function lambda(input, callback) {
  callback(null, input.payload);
}
