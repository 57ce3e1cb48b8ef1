(function () {
  function lambda(input, callback) {
    callback(null, input);
  }
})();
