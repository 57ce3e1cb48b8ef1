const needle = require('needle');

const lambda = async (input) => {
  const base = input.payload;
  const options = { user_agent: 'test' };
  const posted = await needle('post', `${base}/echo`, { a: 'ü b', c: [1, 2] }, options);
  return [
    posted.statusCode, posted.body, (await needle('put', `${base}/echo`, { x: { y: 1 } }, { ...options, json: true })).body, (await needle('get', `${base}/pieces`)).body, (await needle('get', `${base}/bad`)).body, (await needle('get', `${base}/away`, { ...options, follow_max: 2 })).body.path, (await needle('get', `${base}/away`)).statusCode,
    await needle('get', 'http://127.0.0.1:1/').catch((error) => error.code), (await needle('get', `${base}/echo`, { q: 'x y' }, options)).body.path, (await needle('get', `${base}/echo`, { ...options, username: 'u', password: 'p' })).body.headers.authorization, (await needle('get', `${base}/many`)).cookies,
    await new Promise((resolve) => needle.get(`${base}/empty`, (error, response) => resolve([error, response.statusCode]))), (await needle('post', `${base}/echo`, Buffer.from('raw'), { ...options, content_type: 'x/y' })).body,
  ];
};
