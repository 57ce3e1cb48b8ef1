// The smallest work: what remains is the cost of the runtime.
function lambda(input, callback) {
  callback(null, `Hello ${input.payload.name}`);
}
