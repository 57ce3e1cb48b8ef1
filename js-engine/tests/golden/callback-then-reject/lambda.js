async function lambda(input, callback) {
  callback(null, "kept");
  throw new Error("rejected after the callback");
}
