const { fromJS, is, List, Map, OrderedMap, Range, Record, Seq, Set, Stack } = require('immutable');

const lambda = async () => {
  const deep = fromJS({ a: { b: [1, { c: 2 }] }, d: 3 });
  const Point = Record({ x: 0, y: 0 });
  return [
    deep.setIn(['a', 'b', 1, 'c'], 9).toJS(), deep.updateIn(['a', 'b'], (list) => list.push(4)).getIn(['a', 'b']).size, is(Map({ a: List([1]) }), Map({ a: List([1]) })), Set([3, 1, 3]).union([2]).sort().toArray(), OrderedMap([['z', 1], ['a', 2]]).mapKeys((k) => k + k).toObject(), new Point({ x: 5 }).set('y', 2).toJS(),
    Range(1, Infinity).filter((n) => n % 3 === 0).map((n) => n * n).take(3).toArray(), String(deep), Seq({ a: 1, b: 2 }).flip().toObject(), List([1, 2, 3, 4]).groupBy((n) => n % 2).toJS(), Map({ a: 1 }).merge({ b: 2 }).hashCode() === Map({ b: 2, a: 1 }).hashCode(), Stack.of(1, 2).unshift(0).peek(), deep.mergeDeep({ a: { e: 5 } }).toJS(),
    List(['b', 'a']).sortBy((x) => x).join(), Map().withMutations((m) => { for (let n = 0; n < 100; n++) m.set(n, n); }).count(), JSON.stringify(Map([[{ k: 1 }, 'v']])), List([1, 2, 3]).reduce((a, b) => a + b), List([1, 2]).zip(List(['a', 'b'])).toJS(),
  ];
};
