function lambda() {
  missing();
}
