class Mine extends TypeError {}
function lambda() {
  throw new Mine("not exactly a TypeError");
}
