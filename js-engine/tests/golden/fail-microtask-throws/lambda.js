function lambda() {
  queueMicrotask(() => {
    throw new Error("in a microtask");
  });
}
