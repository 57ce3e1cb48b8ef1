const Airtable = require('airtable');

const lambda = async (input) => {
  const base = new Airtable({ apiKey: 'key1', endpointUrl: input.payload, requestTimeout: 5000, noRetryIfRateLimited: true }).base('app1');
  const failure = ({ error, message, statusCode }) => [error, message, statusCode];
  const asked = await new Promise((resolve) => base.makeRequest({ method: 'GET', path: '/Table', qs: { a: ['b c'] } }).then(({ statusCode, body }) => resolve([statusCode, body.path, body.headers.authorization]), (error) => resolve(failure(error))));
  const record = new Airtable.Record(base.table('T'), 'rec1', { fields: { Name: 'Ü' } });
  return [asked, record.get('Name'), record.getId(), base.getId(), await base('T').create({ Name: 'x' }).then((made) => made.id === undefined, failure), (() => { try { return base('T').select({ maxRecords: 'no' }); } catch (error) { return error.message; } })(), await base('T').find('').catch((error) => error.name)];
};
