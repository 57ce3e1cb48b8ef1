function lambda(input, callback) {
  const answer = await fetch('https://example.com');
  callback(null, answer);
}
