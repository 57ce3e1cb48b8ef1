counter = 0;
lambda = function (input, callback) {
  counter++;
  callback(null, counter);
};
