function lambda() {
  throw undefined;
}
