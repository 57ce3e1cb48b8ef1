function lambda(input) {
  return "plain value";
}
