const axios = require('axios');

const lambda = async (input) => {
  const client = axios.create({ baseURL: input.payload, timeout: 5000, headers: { 'x-client': 'mine', 'user-agent': 'test' } });
  client.interceptors.request.use((config) => ({ ...config, headers: { ...config.headers, 'x-added': '1' } }));
  client.interceptors.response.use((response) => { response.seen = true; return response; });
  const source = axios.CancelToken.source();
  const cancelled = client.get('/silent', { cancelToken: source.token }).catch((error) => [axios.isCancel(error), error.message]);
  source.cancel('enough');
  const posted = await client.post('/echo', { a: [1, 'ü'] }, { params: { q: 'a b', list: [1, 2] }, auth: { username: 'me', password: 'x' } });
  return [
    posted.status, posted.statusText, posted.data, posted.seen, (await client.get('/pieces')).data, await client.get('/bad').catch((error) => [error.message, error.response.status, error.response.data, error.isAxiosError]), await cancelled,
    (await client.get('/away')).data.path, (await client.get('/binary', { responseType: 'arraybuffer' })).data.toString('hex'), (await client.get('/bad', { validateStatus: () => true })).status, (await client.head('/pieces')).headers['content-type'],
    await axios.get('http://127.0.0.1:1/').catch((error) => error.code), (await axios.all([client.get('/echo?1'), client.get('/echo?2')])).map(({ data }) => data.path), await client.get('/in-circles', { maxRedirects: 2 }).catch((error) => error.code),
    (await client.put('/echo', 'raw', { transformRequest: (data) => data.toUpperCase(), transformResponse: [(text) => JSON.parse(text).body] })).data, await client.get('/silent', { timeout: 20 }).catch((error) => [error.code, error.message]),
  ];
};
