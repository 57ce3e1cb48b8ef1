class AppError extends Error {}
function lambda(input, callback) {
  callback(new AppError("mine"));
}
