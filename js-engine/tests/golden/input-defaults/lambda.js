function lambda(input, callback) {
  callback(null, [input.headers, input.payload === undefined, "timestamp" in input, Object.keys(input)]);
}
