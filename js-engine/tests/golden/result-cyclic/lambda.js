function lambda(input, callback) {
  const cyclic = {};
  cyclic.self = cyclic;
  callback(null, cyclic);
}
