const validator = require('validator');

const lambda = async () => [
  ['a@b.de', 'a b@c.de', '"quoted"@x.com', 'ü@x.com'].map((text) => validator.isEmail(text)), ['http://a.de:80/x?y#z', 'ftp://u:p@h', '//x', 'http://[::1]/'].map((text) => validator.isURL(text)), validator.isIBAN('DE89370400440532013000'),
  validator.isCreditCard('4111 1111 1111 1111'), validator.isMobilePhone('+4915123456789', 'de-DE'), validator.isISO8601('2020-02-30', { strict: true }), validator.normalizeEmail('Some.Name+tag@GMail.com'), validator.escape('<a href="x">\'&'),
  validator.isUUID('9c858901-8a57-4791-81fe-4c455b099bc9', 4), validator.isJWT('a.b.c'), validator.trim('  x '), validator.toDate('2020-01-01T00:00:00Z').getTime(), validator.isIP('::ffff:1.2.3.4', 6), validator.isISBN('978-3-16-148410-0'), validator.isBase64('YQ=='),
  validator.isStrongPassword('aA1!aaaa'), validator.blacklist('a-b-c', '\\-'), validator.isDecimal('1.50', { decimal_digits: '2' }), validator.isFQDN('münchen.de'), validator.isJSON('{"a":}'),
];
