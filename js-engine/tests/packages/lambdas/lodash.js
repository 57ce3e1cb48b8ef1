const _ = require('lodash');

const people = [{ name: 'Ann', age: 31, city: 'Bonn' }, { name: 'Bob', age: 27, city: 'Köln' }, { name: 'Cid', age: 31, city: 'Bonn' }];

const lambda = async () => [
  _.groupBy(people, 'city'), _.orderBy(people, ['age', 'name'], ['desc', 'desc']), _.chain(people).map('age').uniq().sum().value(), _.keyBy(people, 'name').Bob,
  _.merge({ a: [{ b: 1 }], c: { d: 1 } }, { a: [{ e: 2 }], c: { f: [3] } }), _.template('<% people.forEach(p => { %>[<%- p.name %>]<% }) %>')({ people }),
  _.isEqual(new Map([[{ a: 1 }, new Set([1])]]), new Map([[{ a: 1 }, new Set([1])]])), _.cloneDeep({ at: new Date(7), bytes: Buffer.from('ü'), re: /x/gi }).re.flags,
  _.kebabCase('fooBar bazÉté'), _.deburr('déjà vu'), _.words('one, two & three'), _.get({ a: [{ b: { c: 3 } }] }, 'a[0].b.c'), _.set({}, 'x.y[1]', 2), _.zipObjectDeep(['a.b[0].c'], [1]),
  _.truncate('hi-diddly-ho there, neighborino', { length: 24, separator: /,? +/ }), _.range(0, -4, -1), _.xorBy([{ x: 1 }], [{ x: 2 }, { x: 1 }], 'x'), _.invertBy({ a: 1, b: 2, c: 1 }),
];
