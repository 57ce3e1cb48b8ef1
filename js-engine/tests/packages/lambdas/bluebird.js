const Bluebird = require('bluebird');

const lambda = async () => {
  const readLater = Bluebird.promisify((value, callback) => setImmediate(callback, value < 0 ? new RangeError('negative') : null, value));
  const order = [];
  const mapped = await Bluebird.map([3, 1, 2], (n) => Bluebird.delay(n * 2).then(() => { order.push(n); return n * 2; }), { concurrency: 2 });
  return [
    mapped, order, await Bluebird.props({ a: readLater(1), b: Bluebird.resolve(2) }), await readLater(-1).catch(RangeError, (error) => error.message), await Bluebird.reduce([1, 2, 3], (sum, n) => sum + n, 10),
    await Bluebird.delay(50).timeout(2, 'too late').catch(Bluebird.TimeoutError, (error) => [error.name, error.message]), await Bluebird.some([Bluebird.reject(new Error('x')), 1, 2], 2), await Bluebird.resolve([1, 2]).spread((a, b) => a + b),
    await Bluebird.each(['a', 'b'], (value, at, length) => order.push(`${value}${at}/${length}`)), order.length, await Bluebird.using(Bluebird.resolve('r').disposer(() => order.push('closed')), (r) => r + '!'), order[order.length - 1],
    await Bluebird.coroutine(function* () { return (yield Bluebird.delay(1, 4)) * 2; })(), await Bluebird.any([Bluebird.reject(new Error('1')), Bluebird.delay(1, 'won')]), await Bluebird.method(() => { throw new TypeError('sync'); })().reflect().then((r) => r.isRejected()),
  ];
};
