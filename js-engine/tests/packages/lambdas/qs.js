const qs = require('qs');

const lambda = async () => [
  qs.parse('a[b][c]=d&e[]=1&e[]=2&f[0]=x&f[2]=z&g=%C3%BC+h&i&j=&k.l=m'), qs.parse('?a.b=c&d=1,2', { ignoreQueryPrefix: true, allowDots: true, comma: true }), qs.parse('a[b][c][d][e][f][g]=h', { depth: 2 }), qs.parse('a=1&a=2&__proto__[x]=y'), qs.parse('a=%E4&b=&#9786;', { charset: 'iso-8859-1', interpretNumericEntities: true }),
  qs.stringify({ a: { b: [1, { c: 'ü &' }] }, d: null, e: undefined, f: new Date(0), g: '' }), ['indices', 'brackets', 'repeat', 'comma'].map((arrayFormat) => qs.stringify({ a: ['b', 'c'] }, { arrayFormat, encode: false })), qs.stringify({ b: 1, a: { z: 2 } }, { sort: (x, y) => x.localeCompare(y), allowDots: true, addQueryPrefix: true }),
  qs.stringify({ a: null, b: 'x' }, { skipNulls: true, encodeValuesOnly: true, filter: (prefix, value) => (prefix === 'b' ? value + '!' : value) }), qs.stringify({ a: ' ' }, { format: 'RFC1738' }),
];
