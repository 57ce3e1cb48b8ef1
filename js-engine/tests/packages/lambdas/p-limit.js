const pLimit = require('p-limit');

const lambda = async () => {
  const limit = pLimit(2);
  let running = 0;
  const peaks = [];
  const work = (n) => limit(async () => {
    peaks.push(++running);
    await new Promise((done) => setTimeout(done, n));
    running--;
    return n * 10;
  });
  const all = Promise.all([4, 1, 3, 2].map(work));
  return [limit.activeCount, limit.pendingCount, await all, Math.max(...peaks), await limit(() => Promise.reject(new Error('no'))).catch((error) => error.message)];
};
