function lambda(input, callback) {
  callback(null, new Promise((resolve) => setTimeout(resolve, 20, { later: true })));
}
