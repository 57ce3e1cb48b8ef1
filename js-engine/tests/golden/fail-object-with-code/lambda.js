function lambda(input, callback) {
  callback({ errorCode: "my.own.code", errorMsg: "my own message" });
}
