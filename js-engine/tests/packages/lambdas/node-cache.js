const NodeCache = require('node-cache');

const lambda = async () => {
  const cache = new NodeCache({ stdTTL: 100, checkperiod: 0, useClones: true });
  const heard = [];
  cache.on('set', (key) => heard.push(['set', key])).on('del', (key, value) => heard.push(['del', key, value])).on('expired', (key) => heard.push(['expired', key]));
  const value = { n: [1] };
  cache.set('a', value);
  value.n.push(2);
  cache.mset([{ key: 'b', val: 2 }, { key: 'c', val: 'x', ttl: 0.002 }]);
  await new Promise((done) => setTimeout(done, 10));
  return [cache.get('a'), cache.get('c') === undefined, cache.mget(['a', 'b']), cache.keys(), cache.has('b'), cache.take('b'), cache.del(['a', 'none']), cache.getStats(), heard, (() => { try { return cache.set({}, 1); } catch (error) { return [error.name, error.message]; } })(), cache.getTtl('none') === undefined];
};
