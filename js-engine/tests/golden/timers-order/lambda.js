function lambda(input, callback) {
  const order = [];
  const note = (what) => () => order.push(what);
  setTimeout(note('30'), 30);
  setTimeout(note('10 first'), 10);
  setTimeout(note('10 second'), 10);
  setTimeout(note('20'), 20);
  setTimeout(note('0'), 0);
  setTimeout(note('1'), 1);
  setImmediate(note('immediate'));
  Promise.resolve().then(note('promise'));
  process.nextTick(note('tick'));
  queueMicrotask(note('microtask'));
  clearTimeout(setTimeout(note('cancelled'), 5));
  clearImmediate(setImmediate(note('cancelled')));
  const interval = setInterval(() => {
    order.push('interval');
    if (order.filter((one) => one === 'interval').length === 3) clearInterval(interval);
  }, 12);
  setTimeout(() => callback(null, order), 100);
  order.push('sync');
}
