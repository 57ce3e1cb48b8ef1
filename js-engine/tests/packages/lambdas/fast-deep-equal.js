const equal = require('fast-deep-equal');
const es6 = require('fast-deep-equal/es6');

const lambda = async () => [
  equal({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }), equal([1, 2], [2, 1]), equal(new Date(1), new Date(1)), equal(/a/g, /a/i), equal({ a: undefined }, {}), equal({ a: 1, b: 2 }, { b: 2, a: 1 }), equal('1', 1),
  es6(new Map([['a', [1]]]), new Map([['a', [1]]])), es6(new Set([1, 2]), new Set([1, 3])), es6(new Uint8Array([1, 2]), new Uint8Array([1, 2])),
];
