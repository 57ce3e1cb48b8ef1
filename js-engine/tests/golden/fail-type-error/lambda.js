function lambda() {
  undefined.property;
}
