function lambda() {
  new Array(-1);
}
