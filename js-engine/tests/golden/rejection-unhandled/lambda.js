async function lambda(input, callback) {
  Promise.reject(new Error("nobody listens"));
  Promise.reject("not even an error");
  await new Promise((resolve) => setTimeout(resolve, 5));
  callback(null, "still fine");
}
