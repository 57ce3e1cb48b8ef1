// Nothing but calls and additions: the speed of the interpreter.
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

function lambda(input, callback) {
  callback(null, fib(input.payload.n));
}
