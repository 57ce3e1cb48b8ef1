function lambda(input, callback) {
  const { payload } = input;
  callback(null, [Object.keys(payload), {}.polluted === undefined, Object.getPrototypeOf(payload) === Object.prototype, payload]);
}
