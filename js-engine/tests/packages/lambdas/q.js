const Q = require('q');

const lambda = async () => {
  const deferred = Q.defer();
  setTimeout(() => deferred.resolve('late'), 3);
  const progress = [];
  const noted = Q.defer();
  noted.promise.progress((n) => progress.push(n));
  noted.notify(1);
  return [
    await deferred.promise, await Q.all([1, Q.delay(2).thenResolve(2)]), (await Q.allSettled([Q(1), Q.reject(new Error('no'))])).map((s) => s.state), await Q.nfcall((a, callback) => callback(null, a + 1), 1), await Q([3, 4]).spread((a, b) => a * b),
    await Q.fcall(() => { throw new Error('thrown'); }).fail((error) => error.message).fin(() => {}), await Q.delay(30).timeout(2, 'too late').catch((error) => [error.message, error.code]), await Q({ a: { b: 1 } }).get('a').get('b'), await Q.denodeify((callback) => callback(null, 'node'))(),
    progress,
  ];
};
