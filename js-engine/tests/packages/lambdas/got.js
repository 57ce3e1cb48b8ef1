const got = require('got');

const lambda = async (input) => {
  const client = got.extend({ baseUrl: input.payload, headers: { 'user-agent': 'test' }, retry: 0, hooks: { beforeRequest: [(options) => { options.headers['x-hook'] = '1'; }] } });
  return [
    (await client.post('echo', { json: true, body: { a: 'ü' }, query: { q: 'x y' } })).body, (await client('pieces')).body, await client('bad', { json: true }).catch((error) => [error.name, error.statusCode, error.statusMessage, error.body]), (await client('away', { json: true })).body.path,
    (await client('echo', { json: true, form: true, method: 'PUT', body: { f: '1 2' } })).body, await client('no-json', { json: true }).catch((error) => error.name), (await client('bad', { throwHttpErrors: false })).statusCode, await client('in-circles').catch((error) => error.name),
    await client('silent', { timeout: 30 }).catch((error) => [error.name, error.event]), (await client('binary', { encoding: null })).body.toString('hex'), await got('http://127.0.0.1:1/', { retry: 0 }).catch((error) => [error.name, error.code]), (await client('away')).redirectUrls.length,
  ];
};
