/**
 * HTTP: calls an external service and answers with what it said.
 *
 * Only whitelisted domains can be reached, every domain a redirect leads to included: add `example.com` under
 * Settings first. A call to any other domain is answered by the platform itself, with status 403.
 * The client has the interface of npm's request-promise.
 */
const { Toolbelt } = require('lp-faas-toolbelt');

function lambda(input, callback) {
  const httpClient = Toolbelt.HTTPClient();

  httpClient('https://example.com/', {
    method: 'GET',
    headers: {},
    simple: false, // true: a status other than 2xx rejects the promise
    resolveWithFullResponse: true, // false: the promise is resolved with the body alone
  })
    .then((response) => {
      if (response.statusCode === 403) {
        console.warn('The call was refused. Is the domain whitelisted?', { domain: 'example.com' });
      }
      callback(null, { statusCode: response.statusCode, length: response.body.length });
    })
    .catch((error) => {
      // There was no answer: no such host, no connection, no reply in time.
      console.error('The call failed', error);
      callback(error);
    });
}
