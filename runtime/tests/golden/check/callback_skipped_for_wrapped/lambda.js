const wrap = (fn) => (input, callback) => callback(null, fn(input));
const lambda = wrap((input) => input.payload);
