async function Lambda(input) {
  return input;
}
