const { Readable, Transform, Writable } = require('stream');
async function work() {
  const result = {};
  const text = 'subjects?_d=1 ąę ~~~>>>';
  const bytes = Buffer.from(text);
  result.base64url = [bytes.toString('base64url'), bytes.toString('BASE64URL'), Buffer.from(bytes.toString('base64url'), 'base64url').equals(bytes), Buffer.byteLength(bytes.toString('base64url'), 'base64url'), Buffer.isEncoding('base64url'), Buffer.alloc(5, '_-8', 'base64url').toString('hex'), Buffer.alloc(8).write('_-8', 1, 'base64url'), bytes.indexOf(bytes.slice(3, 6).toString('base64url'), 0, 'base64url'), Buffer.from('a+b/', 'base64url').toString('base64'), bytes.toString('base64url', 2, 5), Buffer.alloc(0).toString('base64url'), bytes.fill('_-8', 'base64url').toString('hex').slice(0, 12)];
  const { StringDecoder } = require('string_decoder');
  const decoder = new StringDecoder('base64url');
  result.decoder = [decoder.write(Buffer.from('>>>?')), decoder.end(Buffer.from('ab')), decoder.encoding];
  const crypto = require('crypto');
  result.digest = [crypto.createHash('sha256').update('a').digest('base64url'), crypto.createHmac('sha1', 'k').update('YQ', 'base64url').digest('hex')];

  const events = require('events');
  const emitter = new events();
  setTimeout(() => emitter.emit('done', 1, 2), 1);
  result.once = [await events.once(emitter, 'done'), events.once.length];
  setTimeout(() => emitter.emit('error', new Error('broken')), 1);
  result.onceFails = await attempt(() => events.once(emitter, 'done'));
  const stopper = new AbortController();
  setTimeout(() => stopper.abort(), 1);
  result.onceAborted = [await attempt(() => events.once(emitter, 'done', { signal: stopper.signal })), await attempt(() => events.once(emitter, 'done', { signal: stopper.signal })), emitter.listenerCount('done')];
  setTimeout(() => { emitter.emit('n', 1); emitter.emit('n', 2); emitter.emit('n', 3); }, 1);
  result.on = [];
  for await (const [n] of events.on(emitter, 'n')) { result.on.push(n); if (n === 3) break; }
  await new Promise(setImmediate);
  result.onLeft = [emitter.listenerCount('n'), emitter.listenerCount('error'), events.getEventListeners(emitter, 'n').length];
  setTimeout(() => emitter.emit('error', new Error('in between')), 1);
  result.onFails = await attempt(async () => { for await (const one of events.on(emitter, 'n')) return one; });

  const { pipeline, finished } = require('stream/promises');
  let all = '';
  await pipeline(Readable.from(['a', 'b']), new Transform({ transform(chunk, encoding, callback) { callback(null, chunk.toString().toUpperCase()); } }), new Writable({ write(chunk, encoding, callback) { all += chunk; callback(); } }));
  result.pipeline = [all, await attempt(() => pipeline(Readable.from(['a']), new Writable({ write(chunk, encoding, callback) { callback(new Error('full')); } })))];
  const source = Readable.from(['x']);
  source.resume();
  result.finished = [await attempt(() => finished(source)), require('stream').promises.pipeline === pipeline];

  const timers = require('timers/promises');
  result.timers = [await timers.setTimeout(2, 'later'), await timers.setImmediate('now'), await attempt(() => timers.setTimeout(5, 1, { signal: AbortSignal.abort() })).then((error) => [error.name, error.code])];
  let count = 0;
  for await (const value of timers.setInterval(1, 'tick')) if (value === 'tick' && ++count === 3) break;
  result.interval = count;

  const util = require('util');
  const options = { verbose: { type: 'boolean', short: 'v' }, name: { type: 'string', short: 'n' }, list: { type: 'string', multiple: true }, size: { type: 'string', default: '5' } };
  result.parseArgs = await Promise.all([['-v', '--name', 'x', 'rest'], ['--name=y', '-nz'], ['-vn', 'q'], ['--list', 'a', '--list=b'], ['--', '-v'], ['--unknown'], ['-x'], ['--name'], ['--verbose=yes'], ['rest'], ['--name', '-v'], []].map((args) => Promise.all([attempt(() => util.parseArgs({ args, options, allowPositionals: true })), attempt(() => util.parseArgs({ args, options })), attempt(() => util.parseArgs({ args, options, strict: false, tokens: true }).values)])));
  result.util = [util.stripVTControlCharacters('\u001b[31mred\u001b[39m'), util.styleText(['bold', 'green'], 'y'), await attempt(() => util.styleText('nocolour', 'x')).then((error) => error.code), util.toUSVString('a\ud800'), util.types === require('util/types')];
  result.crypto = [Buffer.from(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 50)).toString('hex'), await new Promise((resolve) => crypto.hkdf('sha512', 'key', '', 'info', 10, (error, key) => resolve([error, Buffer.from(key).toString('hex')]))), /^[0-9a-f-]{36}$/.test(crypto.randomUUID()), crypto.randomInt(1), crypto.randomInt(3, 4), await new Promise((resolve) => crypto.randomInt(1, (error, number) => resolve([error, number]))), await attempt(() => crypto.randomInt(4, 4)).then((error) => error.code)];
  const { privateKey, publicKey } = input;
  const signature = crypto.sign('sha256', Buffer.from('data'), privateKey);
  result.sign = [signature.toString('hex'), crypto.verify('sha256', Buffer.from('data'), publicKey, signature), crypto.verify('sha256', Buffer.from('other'), publicKey, signature)];
  const assert = require('assert/strict');
  result.assert = [await attempt(() => assert.match('abc', /b/)), await attempt(() => assert.match('abc', /x/)).then((error) => [error.code, error.message]), await attempt(() => assert.doesNotMatch('abc', /b/)).then((error) => [error.code, error.message]), await attempt(() => assert.equal(1, '1')).then((error) => error.code)];
  result.crc32 = [require('zlib').crc32('hello'), require('zlib').crc32(Buffer.from('lo'), require('zlib').crc32('hel'))];
  result.names = [require('fs/promises') === require('fs').promises, require('path/posix') === require('path').posix, require('node:path/win32').sep, require('timers').promises === timers];
  result.buffer = [require('buffer').atob('YQ=='), require('buffer').btoa('a'), require('buffer').isUtf8(Buffer.from([0xff])), require('buffer').isUtf8(Buffer.from('ä')), require('buffer').isAscii(Buffer.from('a'))];
  return result;
}
// Made for this test.
const input = {"publicKey":"-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtrQ2l1ndc5fSgXBG+OMa\noBwu9tvkhLauXrjVAZxl8pdlhKg7yq4Vpxk6t8TKArsaK8Pw1FMn+hGz8K9Wba68\n8odaVT//rKsI2g1FKN6W19rHTwWPcP/O4Q15pnXOyPG1OA2lt4yOSYDLmEJ5fiyT\n6x5x8mn4gqNNJ7t0KATv4evAnu2h0F6m7nSn3DyYm2KoWBqovEX/KqLyCPupb4xe\nZs8E+TB2PW/SagVfPLY+DzNC78y003ESiAPxloT+uoNK5n3ib8tnDIaQcsBmK6tK\nM2S3lwZaMA5Q5fp1+5k/neVTHrElZqKIkzd7dDqm/fhOYoGMOVzLJ/lxqJBGoA+M\nIQIDAQAB\n-----END PUBLIC KEY-----\n","privateKey":"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC2tDaXWd1zl9KB\ncEb44xqgHC722+SEtq5euNUBnGXyl2WEqDvKrhWnGTq3xMoCuxorw/DUUyf6EbPw\nr1Ztrrzyh1pVP/+sqwjaDUUo3pbX2sdPBY9w/87hDXmmdc7I8bU4DaW3jI5JgMuY\nQnl+LJPrHnHyafiCo00nu3QoBO/h68Ce7aHQXqbudKfcPJibYqhYGqi8Rf8qovII\n+6lvjF5mzwT5MHY9b9JqBV88tj4PM0LvzLTTcRKIA/GWhP66g0rmfeJvy2cMhpBy\nwGYrq0ozZLeXBlowDlDl+nX7mT+d5VMesSVmooiTN3t0Oqb9+E5igYw5XMsn+XGo\nkEagD4whAgMBAAECggEACJkoFYze4WUEfN94E5f6hYz1/9ue4EkJoT8RFTOTT6yk\n1C6nq7TwI25KR2I9QI4mH+engpKMR9ZD8eCKkHxf+4j3rRnnMizVbI+h0NfS4QM0\njIk+NCrxxUEhV75lFitb5DCuOxpkCt0DF94PAiteZbsH0Uj/70P4qlVF1OlQkcD2\ncrqcJnqutqqK29Qwvw4R97uHch5oNE3Ya5B37C2WsHDCGcIubnwJPVqLOXDlvK2y\nTSr/HEm3YtoyMujYW3JDGvlgncn4V5ZolfY4L/bvLRgLjH3Qx3ukawaKzp1UGW8z\nKzbvjvhaS6GdnbWFxhotwAySjrPco1BMavboiwt+LQKBgQDbgb+gpS0hfwS1HhdQ\nSFX0LmA1M+67pH6So7Lrtqr361cFS6sQr+CU3NR6cCLp6p9MZ6BX0kI1lyImmwBw\nDvBR79FtJN6eJ5JdHXzwfnrvaQPN6Ov8C59cEsejPUk+uZ/XhckqJgmI+5FYfoJ0\nf4ygCJf5vdiAmYeQYlhoQKrgrQKBgQDVFCCsBYuFcqc0eHYJndRH8b5WbZBnohwY\nZQYMv7977504zYQNiTRgMYMZ4WDT5eAOnSXtoiOUvnOFIJMfcZD55gMq2LTfLPqp\nCok7ROLm2stvOlNzbas0GbEKzGliaxrKT7XN+3wcv49KVpeut5z51/ynZaGv8zG4\nf5EIhV0jxQKBgCxV35Od6Sir1BKU+lZ/1cSVHV+BlsWVqu8JW1kasxuSECiEqQ+c\nxnqqw8vbHGIsvnIbOBqk4DScywwLIKKBke6qxp0J5mEBUyG1lAerND9o8ZjEY+2r\nl0tsi6Af/8xIh81rOz9lIWXmkevS2ZyYKpokQjXyL2mCGQyDoKGl9h2dAoGBAJza\nuEJpwo92G0gw9ROXL9HWT3toJElluLDsjUuNS/R8K4zJHVCpk/jL+epvUswqCIo5\nfNY16WNx37A8jpEzFLohbGt6I4u2nL8blnIe/7lZjzBOC2iJbuJnl0CPwXRFy+7q\nRrdfTboL+fuLSxW+7LuvF7pSwne32v4qSiWvpyTRAoGANDMuT+/CcCYeIJB7NgTs\ntxdnVhcxNQJIrjNPdy4DgTDmaSnhbqPVA6m3ifIiXtwX1kW7ZQLbUL/N+17xWsBj\nltx+0GypW/BrW1cEs8imTH/U9rIDpwIPZxwqU4n+ElMDoPI5kwTyC/f268+v2Pbf\nqjsBf17OPdJDMIX73D/2oTM=\n-----END PRIVATE KEY-----\n"};
function lambda(unused, callback) {
  work().then((result) => callback(null, JSON.parse(JSON.stringify(result))), callback);
}
