const _ = require('underscore');

const lambda = async () => [
  _.countBy([1, 2, 3, 4, 5], (n) => (n % 2 ? 'odd' : 'even')), _.chain([3, 1, 2]).sortBy().reverse().value(), _.invoke([[5, 1, 7], [3, 2, 1]], 'sort'), _.object(['a', 'b'], [1, 2]),
  _.template('Hello <%= name.toUpperCase() %>! <%- html %>')({ name: 'ü', html: '<b>&' }), _.isEqual({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }), _.partition([1, 2, 3, 4], (n) => n > 2),
  _.flatten([1, [2, [3, [[4]]]]]), _.pick({ name: 'moe', age: 50, id: 'm' }, 'name', 'age'), _.memoize((n) => n * 2)(21), _.zip(['a', 'b'], [1, 2]), _.escape('"<>&`\''),
];
