const merge = require('deepmerge');

const lambda = async () => [
  merge({ a: { b: [1], c: 1 }, at: 'x' }, { a: { b: [2], d: { e: [] } } }), merge({ list: [1, 2] }, { list: [3] }, { arrayMerge: (target, source) => source }), merge.all([{ x: { y: 1 } }, { x: { z: 2 } }, { x: { y: 3 } }]),
  merge({ pets: { cat: 1 } }, { pets: { dog: 2 } }, { customMerge: (key) => (key === 'pets' ? (a, b) => Object.keys(a).concat(Object.keys(b)) : undefined) }), merge({ at: new Date(0) }, { at: new Date(1) }).at.getTime(),
];
