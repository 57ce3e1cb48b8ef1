function lambda(input, callback) {
  callback(Object.assign(new Error("message"), { errorCode: "my.own.code", errorMsg: "better message" }));
}
