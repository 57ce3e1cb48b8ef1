const { compile, match, parse, pathToRegexp, tokensToFunction } = require('path-to-regexp');

const lambda = async () => {
  const keys = [];
  return [
    pathToRegexp('/user/:id(\\d+)/:rest*', keys).source, keys, match('/user/:id/:file?', { decode: decodeURIComponent })('/user/1%2F2/x'), match('/a')('/b'), compile('/u/:id/:tags+', { encode: encodeURIComponent })({ id: 'ü', tags: ['a b', 'c'] }), parse('/a{-:b}?'), tokensToFunction(parse('/x/:y'))({ y: 1 }),
    pathToRegexp(['/one', /two/i]).test('/TWO'), (() => { try { return compile('/:id(\\d+)')({ id: 'x' }); } catch (error) { return error.message; } })(),
  ];
};
