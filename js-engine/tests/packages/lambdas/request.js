const request = require('request');

const lambda = (input, callback) => {
  const told = [];
  const client = request.defaults({ baseUrl: input.payload, json: true, headers: { 'X-D': 'd' } });
  client.post({ uri: '/echo', body: { a: ['ü'] }, qs: { q: { r: 's t' } } }, (failed, response, body) => {
    told.push(failed, response.statusCode, body);
    client.get('/bad', (error, { statusCode }, text) => {
      told.push(error, statusCode, text);
      const jar = request.jar();
      client.get({ uri: '/cookies', jar }, (none, last, echoed) => {
        told.push(echoed.headers.cookie, last.request.uri.pathname);
        request('http://127.0.0.1:1/', (refused) => {
          told.push(refused.code);
          let text = '';
          request(`${input.payload}/pieces`).on('response', (head) => told.push(head.statusCode)).on('data', (part) => (text += part)).on('complete', () => callback(null, told.concat(text)));
        });
      });
    });
  });
};
