const rp = require('request-promise-native');
const errors = require('request-promise-native/errors');

const lambda = async (input) => {
  const base = input.payload;
  return [
    await rp({ uri: `${base}/echo`, qs: { a: 1 }, json: true }), await rp.post(`${base}/echo`, { form: { b: 'c d' }, json: true }), await rp(`${base}/bad`).catch((error) => [error instanceof errors.StatusCodeError, error.name, error.statusCode, error.message]), (await rp({ uri: `${base}/many`, resolveWithFullResponse: true })).headers['set-cookie'],
    await rp({ uri: `${base}/pieces`, transform: (body) => body.toUpperCase() }), await rp('http://127.0.0.1:1/').catch((error) => [error instanceof errors.RequestError, error.cause.code]), await rp({ uri: `${base}/bad`, simple: false, json: true }), await rp({ uri: `${base}/silent`, timeout: 20 }).catch((error) => error.cause.code),
  ];
};
