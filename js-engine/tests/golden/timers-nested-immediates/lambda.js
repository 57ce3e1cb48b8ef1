function lambda(input, callback) {
  const order = [];
  setImmediate(() => {
    order.push("first");
    setImmediate(() => order.push("nested"));
    process.nextTick(() => order.push("tick"));
  });
  setImmediate(() => order.push("second"));
  setTimeout(() => callback(null, order), 5);
}
