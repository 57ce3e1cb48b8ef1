const ms = require('ms');

const lambda = async () => [
  ['2 days', '1d', '10h', '2.5 hrs', '-3 min', '5s', '1y', '100', '.5ms', '53 msecs', 'nonsense'].map((text) => String(ms(text))), [60000, 2 * 60000, -3 * 60000, 36e5 * 25].map((time) => [ms(time), ms(time, { long: true })]),
];
