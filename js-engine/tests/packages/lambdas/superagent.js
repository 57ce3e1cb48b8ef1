const superagent = require('superagent');

const lambda = async (input) => {
  const base = input.payload;
  const agent = superagent.agent();
  const posted = await superagent.post(`${base}/echo`).send({ a: 'ü' }).send({ b: 1 }).set('User-Agent', 'test').query({ q: ['x', 'y'] }).auth('me', 'pass');
  const sent = await superagent.post(`${base}/echo`).type('form').send('a=1').send({ b: '2 3' }).set('User-Agent', 'test');
  const kept = await agent.get(`${base}/cookies`).set('User-Agent', 'test');
  return [
    posted.status, posted.type, posted.body, sent.body, (await superagent.get(`${base}/pieces`)).text, await superagent.get(`${base}/bad`).catch((error) => [error.message, error.status, error.response.body]), kept.redirects.length, kept.body.headers.cookie,
    (await superagent.get(`${base}/bad`).ok(({ status }) => status < 500)).status, await superagent.get(`${base}/silent`).timeout(25).catch((error) => [error.code, error.timeout]), await superagent.get('http://127.0.0.1:1/').catch((error) => error.code), (await superagent.get(`${base}/away`).redirects(0).ok(() => true)).status,
    await new Promise((resolve) => superagent.del(`${base}/echo`).set('User-Agent', 'test').end((error, response) => resolve([error, response.body.method]))), (await superagent.get(`${base}/binary`).buffer(true).parse(superagent.parse.image)).body.toString('hex'),
  ];
};
