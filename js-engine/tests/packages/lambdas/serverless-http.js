const serverless = require('serverless-http');

const lambda = async () => {
  const handle = serverless((request, response) => {
    let text = '';
    request.on('data', (part) => (text += part)).on('end', () => {
      response.setHeader('x-two', ['a', 'b']);
      response.writeHead(request.url === '/gone' ? 410 : 200, { 'content-type': 'text/plain' });
      response.write(`${request.method} ${request.url} `);
      response.end(`${request.headers['x-in']} ${text}`);
    });
  }, { request: (request) => { request.headers['x-in'] = 'set'; }, response: (response) => { response.setHeader('x-out', '1'); }, binary: ['image/png'] });
  return [await handle({ httpMethod: 'POST', path: '/a', queryStringParameters: { q: 'x' }, headers: { 'content-type': 'text/x' }, body: Buffer.from('ü').toString('base64'), isBase64Encoded: true }, {}), await handle({ httpMethod: 'GET', path: '/gone', headers: {} }, {})];
};
