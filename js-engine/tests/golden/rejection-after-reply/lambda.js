function lambda(input, callback) {
  callback(null, "sent");
  setTimeout(() => Promise.reject(new Error("after the reply")), 5);
}
