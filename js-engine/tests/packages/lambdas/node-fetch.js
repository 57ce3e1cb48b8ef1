const fetch = require('node-fetch');

const lambda = async (input) => {
  const base = input.payload;
  const headers = new fetch.Headers({ 'X-A': '1', 'user-agent': 'test' });
  headers.append('x-a', '2');
  const posted = await fetch(`${base}/echo`, { method: 'POST', body: JSON.stringify({ a: 'ü' }), headers });
  const moved = await fetch(`${base}/away`, { headers: { 'user-agent': 'test' } });
  const pieces = await fetch(`${base}/pieces`);
  let streamed = '';
  for await (const part of pieces.body) streamed += part;
  return [
    posted.ok, posted.status, posted.headers.get('content-type'), await posted.json(), moved.redirected, (await moved.json()).path, streamed, (await fetch(`${base}/bad`)).ok, await (await fetch(`${base}/binary`)).buffer().then((bytes) => bytes.toString('hex')),
    (await fetch(`${base}/away`, { redirect: 'manual' })).status, await fetch(`${base}/away`, { redirect: 'error' }).catch((error) => [error.name, error.type]), await fetch('http://127.0.0.1:1/').catch((error) => [error.name, error.type, error.code]), await (await fetch(`${base}/no-json`)).json().catch((error) => [error.name, error.type]),
    (await fetch(`${base}/many`)).headers.raw()['set-cookie'], await fetch(`${base}/silent`, { timeout: 20 }).catch((error) => error.type), [...headers], await fetch(`${base}/in-circles`, { follow: 2 }).catch((error) => error.type), new fetch.Request(`${base}/x`.replace(base, 'http://h'), { method: 'put' }).method,
  ];
};
