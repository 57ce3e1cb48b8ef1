async function lambda(input) {
  return { v2: true };
}
