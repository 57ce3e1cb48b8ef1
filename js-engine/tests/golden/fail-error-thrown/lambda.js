function lambda() {
  throw new Error("thrown");
}
