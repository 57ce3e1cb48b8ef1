const memoizee = require('memoizee');

const lambda = async () => {
  let calls = 0;
  const sum = memoizee((a, b) => { calls++; return a + b; });
  const told = [sum(1, 2), sum(1, 2), sum(2, 1), calls];
  const text = memoizee((o) => { calls++; return o.x; }, { normalizer: ([o]) => JSON.stringify(o) });
  told.push(text({ x: 1 }), text({ x: 1 }), calls);
  const later = memoizee(async (n) => { calls++; if (n < 0) throw new Error('negative'); return n * 2; }, { promise: true });
  told.push(await Promise.all([later(2), later(2)]), await later(-1).catch((error) => error.message), calls);
  const small = memoizee((n) => { calls++; return n; }, { max: 2, dispose: (value) => told.push(['gone', value]), primitive: true });
  [1, 2, 1, 3, 2].forEach((n) => small(n));
  const aged = memoizee(() => ++calls, { maxAge: 5 });
  const first = aged();
  await new Promise((done) => setTimeout(done, 20));
  told.push(calls, aged() === first);
  sum.delete(1, 2);
  sum(1, 2);
  return told.concat(calls);
};
