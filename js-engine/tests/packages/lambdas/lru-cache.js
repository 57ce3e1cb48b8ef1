const LRU = require('lru-cache');

const lambda = async () => {
  const gone = [];
  const cache = new LRU({ max: 3, dispose: (key, value) => gone.push([key, value]) });
  ['a', 'b', 'c'].forEach((key, at) => cache.set(key, at));
  cache.get('a');
  cache.set('d', 3);
  const sized = new LRU({ max: 10, length: (value) => value.length });
  sized.set('x', '12345').valueOf();
  sized.set('y', '123456');
  const aged = new LRU({ max: 2, maxAge: 5, stale: true });
  aged.set('k', 'v');
  await new Promise((done) => setTimeout(done, 12));
  return [cache.keys(), cache.values(), gone, cache.has('b'), cache.peek('c'), cache.itemCount, sized.keys(), sized.length, aged.get('k'), aged.get('k'), cache.dump().map(({ k, v }) => [k, v]), cache.del('a'), cache.reset(), cache.length];
};
