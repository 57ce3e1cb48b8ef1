const async = require('async');

const lambda = (input, callback) => {
  const seen = [];
  async.auto({
    read: (done) => setTimeout(done, 5, null, 'data'),
    make: (done) => setImmediate(done, null, 'folder'),
    write: ['read', 'make', ({ read, make }, done) => done(null, `${make}/${read}`)],
    all: (done) => async.mapLimit([5, 1, 3], 2, (n, next) => setTimeout(() => { seen.push(n); next(null, n * n); }, n * 15), done),
    series: (done) => async.series([(next) => next(null, 1), (next) => process.nextTick(next, null, 2)], done),
    waterfall: (done) => async.waterfall([(next) => next(null, 1, 2), (a, b, next) => next(null, a + b)], done),
    retried: (done) => { let count = 0; async.retry({ times: 3, interval: 1 }, (next) => (++count < 3 ? next(new Error('again')) : next(null, count)), done); },
    reduced: (done) => async.reduce([1, 2, 3], 0, (sum, n, next) => setImmediate(next, null, sum + n), done),
    queued: (done) => { const queue = async.queue((task, next) => setImmediate(next), 2); queue.drain = () => done(null, queue.idle()); queue.push(['a', 'b', 'c']); },
    failed: (done) => async.parallel([(next) => next(new Error('first')), (next) => next(null, 1)], (error) => done(null, error.message)),
  }, (error, results) => callback(error, [results, seen]));
};
