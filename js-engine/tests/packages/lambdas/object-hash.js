const hash = require('object-hash');

const lambda = async () => [
  hash({ b: 1, a: [1, 'ü', null, undefined, true] }), hash({ a: 1, b: 2 }) === hash({ b: 2, a: 1 }), hash([3, 1, 2], { unorderedArrays: true }) === hash([1, 2, 3], { unorderedArrays: true }), hash(new Date(0)), hash({ at: /x/g }), hash('text', { algorithm: 'md5', encoding: 'base64' }), hash.sha1('x'), hash.keys({ a: 1 }), hash({ x: 1, y: 2 }, { excludeKeys: (key) => key === 'y' }),
  hash(new Map([['k', new Set([1])]])), hash(Symbol('s')), hash({ toString: undefined }, { excludeValues: true }), hash.MD5({ n: NaN }),
];
