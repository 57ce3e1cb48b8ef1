const limit = 3;

function lamda(input, callback) {
  callback(null, limit);
}
