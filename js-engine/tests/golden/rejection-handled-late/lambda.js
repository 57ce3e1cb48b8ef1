function lambda(input, callback) {
  const rejected = Promise.reject(new Error("handled in time"));
  Promise.resolve().then(() => rejected.catch(() => callback(null, "handled")));
}
