function lambda(input, callback) {
  input.payload.forEach(function (item, callback) {
    callback(item);
  });
}
