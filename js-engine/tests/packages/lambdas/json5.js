const JSON5 = require('json5');

const lambda = async () => [
  JSON5.parse("{ // comment\n unquoted: 'and you can quote \"me\"', lineBreaks: \"no \\\n newlines\", hex: 0xdecaf, half: .5, plus: +1, inf: -Infinity, list: [1, 2,], /* more */ 'ü': '\\u00fc', }"), JSON5.stringify({ a: 1, 'b-c': ["it's"], d: Infinity, e: undefined }, null, 2),
  JSON5.stringify({ a: '"x"' }, { quote: '"' }), JSON5.parse('[1,2]', (key, value) => (typeof value === 'number' ? value * 2 : value)), (() => { try { return JSON5.parse('{a: ]}'); } catch (error) { return [error.name, error.message, error.lineNumber, error.columnNumber]; } })(),
];
