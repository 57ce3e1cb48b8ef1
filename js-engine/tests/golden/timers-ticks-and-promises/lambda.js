function lambda(input, callback) {
  const order = [];
  process.nextTick(() => {
    order.push('tick 1');
    Promise.resolve().then(() => {
      order.push('promise of tick 1');
      process.nextTick(() => order.push('tick of promise'));
    }).then(() => order.push('second promise of tick 1'));
    process.nextTick(() => order.push('tick of tick 1'));
  });
  Promise.resolve().then(() => order.push('promise'));
  setTimeout(() => {
    order.push('timeout 1');
    process.nextTick(() => order.push('tick of timeout 1'));
    Promise.resolve().then(() => order.push('promise of timeout 1'));
  }, 5);
  setTimeout(() => order.push('timeout 2'), 5);
  setTimeout(() => callback(null, order), 20);
}
