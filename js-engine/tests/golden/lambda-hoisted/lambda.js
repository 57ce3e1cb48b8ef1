const greeting = make();
module.exports = lambda;
function lambda(input, callback) {
  callback(null, greeting);
}
function make() {
  return "before";
}
