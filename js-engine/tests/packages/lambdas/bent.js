const bent = require('bent');

const lambda = async (input) => {
  const base = input.payload;
  const own = { 'user-agent': 'test', 'accept-encoding': 'identity' };
  const stream = await bent(base, 200)('/pieces');
  return [
    await bent(base, 'json', own)('/echo?q=1'), await bent(base, 'POST', 'json', own)('/echo', { a: 'ü' }), await bent(base, 'string')('/pieces'), (await bent(base, 'buffer')('/binary')).toString('hex'), await bent(base, 'json')('/bad').catch((error) => [error.statusCode, error.message]),
    await bent(base, 'json', 404)('/bad'), await stream.text(), stream.statusCode, await bent('http://127.0.0.1:1', 'json')('/').catch((error) => error.code), await bent(base, 'PUT', 'json', own)('/echo', Buffer.from('raw'), { 'x-more': '1' }),
  ];
};
