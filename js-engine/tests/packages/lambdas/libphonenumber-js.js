const { AsYouType, findPhoneNumbersInText, parsePhoneNumber, parsePhoneNumberFromString, validatePhoneNumberLength } = require('libphonenumber-js');

const lambda = async () => {
  const number = parsePhoneNumberFromString('(0) 30 901820', 'DE') || parsePhoneNumberFromString('030 901820', 'DE');
  return [
    number.number, number.country, number.formatInternational(), number.formatNational(), number.getURI(), number.isValid(), new AsYouType('US').input('2133734253'), findPhoneNumbersInText('Call +1 213 373 4253 or 213-373-4253 ext. 9!', 'US').map(({ number: found, startsAt, endsAt }) => [found.number, found.ext, startsAt, endsAt]),
    validatePhoneNumberLength('12', 'US'), (() => { try { return parsePhoneNumber('no'); } catch (error) { return error.message; } })(), ['+33612345678', '+442083661177', '+819012345678'].map((text) => parsePhoneNumber(text).formatInternational()),
  ];
};
