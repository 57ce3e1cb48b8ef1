const { Readable } = require('stream');
const bodyParser = require('body-parser');

const lambda = async () => {
  const parse = (parser, body, headers) => new Promise((resolve) => {
    const request = new Readable({ read() {} });
    request.headers = { 'content-length': String(Buffer.byteLength(body)), ...headers };
    request.method = 'POST';
    request.push(body);
    request.push(null);
    parser(request, {}, (error) => resolve(error ? [error.status, error.type, error.message] : Buffer.isBuffer(request.body) ? request.body.toString('hex') : request.body));
  });
  const json = { 'content-type': 'application/json; charset=utf-8' };
  return [
    await parse(bodyParser.json(), '{"a":["ü"]}', json), await parse(bodyParser.json({ limit: 5 }), '{"a":"long"}', json), await parse(bodyParser.urlencoded({ extended: true }), 'a[b][]=1&c=d+e', { 'content-type': 'application/x-www-form-urlencoded' }), await parse(bodyParser.text(), 'caf\u00e9', { 'content-type': 'text/plain' }),
    await parse(bodyParser.raw({ type: '*/*' }), Buffer.from([0, 255]), { 'content-type': 'x/y' }), await parse(bodyParser.json(), require('zlib').gzipSync('{"z":1}'), { ...json, 'content-encoding': 'gzip', 'content-length': undefined, 'transfer-encoding': 'chunked' }), await parse(bodyParser.json({ reviver: (k, v) => (k === 'n' ? v + 1 : v) }), '{"n":1}', json),
    await parse(bodyParser.json(), '{}', { 'content-type': 'application/json; charset=x-none' }), await parse(bodyParser.json(), '"strict"', json).then((told) => told.slice(0, 2)),
  ];
};
