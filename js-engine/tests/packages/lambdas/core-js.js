const at = require('core-js/features/array/at');
const Promise = require('core-js/features/promise');
const flatMap = require('core-js/features/array/flat-map');
const fromEntries = require('core-js/features/object/from-entries');
const matchAll = require('core-js/features/string/match-all');
const structuredClone = require('core-js/features/structured-clone');
const URLSearchParams = require('core-js/features/url-search-params');
const URL = require('core-js/features/url');
const group = require('core-js/features/object/group-by');
require('core-js/features/array/to-sorted');
require('core-js/features/string/replace-all');
require('core-js/features/promise/any');

const lambda = async () => {
  const cloned = structuredClone(new Map([['a', new Date(5)]]));
  return [
    at([1, 2, 3], -1), flatMap([1, 2], (n) => [n, n]), fromEntries([['a', 1]]), Array.from(matchAll('a1b2', /[a-z](\d)/g)).map((m) => m[1]), (await Promise.allSettled([1, Promise.reject(2)])).map((s) => s.status), cloned.get('a').getTime(), String(new URLSearchParams('a=1&b=ü c')), new URL('../x?y#z', 'http://ü.de/a/b').href,
    group([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')).odd, [3, 1, 2].toSorted(), 'aXbX'.replaceAll('X', '-'), await Promise.any([Promise.reject(1), Promise.resolve(2)]),
  ];
};
