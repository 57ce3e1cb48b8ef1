// The packages that come with the platform.
const _ = require('lodash'), { DateTime, Duration } = require('luxon'), OAuth = require('oauth-1.0a');
const oauth = OAuth({ consumer: { key: 'k', secret: 's' }, signature_method: 'HMAC-SHA1', nonce_length: 8, hash_function: (b, k) => b.length + k });
const a = oauth.authorize({ url: 'https://x.com/a?b=c', method: 'POST', data: { d: 'e' } }, { key: 't', secret: 'u' });
callback(null, [_.chunk([1, 2, 3], 2), _.merge({ a: { b: 1 } }, { a: { c: 2 } }), _.VERSION, require('lodash/get')({ a: [{ b: 2 }] }, 'a[0].b'), require('lodash/debounce.js') === require('lodash/debounce'), _.camelCase('foo bar'), _.template('a<%= b %>')({ b: 1 }), _.isEqual(new Map([[1, 2]]), new Map([[1, 2]])), _.cloneDeep({ a: Buffer.from('x'), d: new Date(0) }),
 DateTime.fromISO('2020-02-03T04:05:06Z', { zone: 'utc' }).plus({ months: 1 }).toISO(), DateTime.utc(2020, 1, 2).toFormat('yyyy-MM-dd HH:mm:ss'), Duration.fromObject({ hours: 3 }).as('minutes'), DateTime.fromISO('2020-02-03T04:05:06.000+02:00').toUTC().toISO(), DateTime.fromFormat('03.04.2021', 'dd.MM.yyyy', { zone: 'utc' }).toISODate(),
 Object.keys(a).sort(), oauth.toHeader({ oauth_a: '1', oauth_b: 'ü' })]);
