function lambda() {
  JSON.parse("{");
}
