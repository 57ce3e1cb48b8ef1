function lambda(input) {
  return Promise.resolve().then(() => "returned promise");
}
