const express = require('express');
const serverless = require('serverless-http');

const lambda = async () => {
  const app = express();
  app.set('etag', false);
  app.use(express.json(), express.urlencoded({ extended: true }));
  const router = express.Router({ mergeParams: true });
  router.param('id', (request, response, next, id) => { request.found = { id, name: `n${id}` }; next(); });
  router.get('/:id(\\d+)', (request, response) => response.json({ ...request.found, query: request.query, shop: request.params.shop }));
  router.post('/', (request, response) => response.status(201).location('/new').send(request.body));
  app.use('/shops/:shop/items', router);
  app.get('/cookie', (request, response) => response.cookie('a', 'b c', { httpOnly: true, expires: new Date(0) }).type('text').send('ok'));
  app.get('/away', (request, response) => response.redirect(301, '/x?y'));
  app.get('/accept', (request, response) => response.format({ html: () => response.send('<p>'), json: () => response.send({ j: 1 }) }));
  app.get('/throws', () => { throw new Error('broken'); });
  app.get('/later', async (request, response, next) => { await null; next(Object.assign(new Error('later'), { status: 418 })); });
  app.use((error, request, response, next) => response.status(error.status || 500).json({ error: error.message }));
  const handle = serverless(app);
  const call = async (httpMethod, path, { body, headers = {}, query = {} } = {}) => {
    const { statusCode, headers: answered, body: text } = await handle({ httpMethod, path, headers, body, queryStringParameters: query, requestContext: {} }, {});
    return [statusCode, answered, text];
  };
  return [
    await call('GET', '/shops/4/items/12', { query: { a: 'b c' } }), await call('POST', '/shops/4/items', { body: '{"x":"ü"}', headers: { 'content-type': 'application/json' } }), await call('POST', '/shops/4/items', { body: 'a[b]=c&d=e', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    await call('GET', '/shops/4/items/x'), await call('GET', '/cookie'), await call('GET', '/away'), await call('GET', '/accept', { headers: { accept: 'application/json' } }), await call('GET', '/throws'), await call('GET', '/later'), (await call('POST', '/shops/1/items', { body: '{bad', headers: { 'content-type': 'application/json' } }))[0], await call('HEAD', '/cookie'),
  ];
};
