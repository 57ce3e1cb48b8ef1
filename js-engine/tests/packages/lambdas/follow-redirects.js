const { http, wrap } = require('follow-redirects');

const lambda = async (input) => {
  const read = (response) => new Promise((resolve) => { let text = ''; response.on('data', (part) => (text += part)).on('end', () => resolve(text)); });
  const get = (path, options = {}) => new Promise((resolve, reject) => {
    const { hostname, port } = new URL(input.payload);
    http.get({ hostname, port, path, ...options }, resolve).on('error', reject);
  });
  const moved = await get('/away', { trackRedirects: true, headers: { 'x-mine': '1' } });
  const post = await new Promise((resolve) => http.request(`${input.payload}/see-other`, { method: 'POST' }, resolve).end('body'));
  const again = await new Promise((resolve) => http.request(`${input.payload}/again`, { method: 'POST' }, resolve).end('body'));
  return [
    moved.redirects.map(({ statusCode }) => statusCode), new URL(moved.responseUrl).pathname, JSON.parse(await read(moved)), JSON.parse(await read(post)).method, JSON.parse(await read(again)), (await get('/away', { followRedirects: false })).statusCode,
    await get('/in-circles', { maxRedirects: 3 }).catch((error) => [error.code, error.message]), typeof wrap({ http: require('http') }).http.get, JSON.parse(await read(await get('/away', { beforeRedirect: (options) => { options.headers['x-later'] = '2'; } }))).headers['x-later'],
  ];
};
