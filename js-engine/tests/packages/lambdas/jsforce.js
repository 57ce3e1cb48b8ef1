const jsforce = require('jsforce');

const lambda = async (input) => {
  const connection = new jsforce.Connection({ instanceUrl: input.payload, accessToken: 'token', version: '42.0' });
  const oauth = new jsforce.OAuth2({ clientId: 'id', clientSecret: 's', redirectUri: 'http://back', loginUrl: input.payload });
  const seen = ({ method, path, body }) => [method, path, body];
  return [
    seen(await connection.request('/echo?x=1')), seen(await connection.requestPost('/echo', { a: 'ü' })), seen(await connection.sobject('Account').retrieve('001')), await connection.sobject('Account').find({ Name: { $like: 'A%' }, CreatedDate: { $gt: jsforce.Date.toDateTimeLiteral(new Date(0)) }, $or: [{ a: 1 }, { b: ["x'y"] }] }, 'Id, Name').sort({ Name: -1 }).limit(5).skip(2).toSOQL(),
    oauth.getAuthorizationUrl({ scope: 'api id', state: 'ü' }).replace(input.payload, ''), await connection.request('/bad').catch((error) => [error.name, error.message]), await connection.query('SELECT Id FROM X').then(seen, (error) => error.message), jsforce.SfDate.parseDate('2020-01-02').getTime(),
    connection.limitInfo, seen(await connection.sobject('Contact').update({ Id: '003', Name: 'n' }).catch((error) => ({ method: error.message }))),
  ];
};
