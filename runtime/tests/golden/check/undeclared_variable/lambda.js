function lambda(input, callback) {
  const result = compute(input);
  calback(null, result);
  localStorage.setItem('x', result);
  count += 1;
  callback(null, result);
}
