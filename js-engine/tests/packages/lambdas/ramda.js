const R = require('ramda');

const lambda = async () => [
  R.pipe(R.filter((n) => n % 2), R.map(R.multiply(3)), R.reduce(R.add, 0))(R.range(1, 10)), R.path(['a', 0, 'b'], { a: [{ b: 'deep' }] }), R.over(R.lensPath(['x', 'y']), R.inc, { x: { y: 1 } }),
  R.groupBy(R.prop('t'), [{ t: 'a', v: 1 }, { t: 'b', v: 2 }, { t: 'a', v: 3 }]), R.evolve({ n: R.toUpper, list: R.map(R.negate) }, { n: 'x', list: [1, 2] }), R.aperture(2, [1, 2, 3, 4]),
  R.sortWith([R.descend(R.prop('age')), R.ascend(R.prop('name'))], [{ name: 'b', age: 1 }, { name: 'a', age: 1 }, { name: 'c', age: 2 }]), R.transduce(R.compose(R.map(R.inc), R.take(2)), R.flip(R.append), [], [1, 2, 3]),
  R.toString({ a: [1, 'x', new Date(0), undefined] }), R.mergeDeepRight({ a: { b: 1 } }, { a: { c: 2 } }), R.cond([[R.lt(10), R.always('big')], [R.T, R.always('small')]])(11), R.equals(new Set([[1]]), new Set([[1]])),
];
