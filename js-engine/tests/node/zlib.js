const zlib = require('zlib');
const made = {
  gz: 'H4sIAAAAAAAAAwvJSFUoLM1MzlZIKsovz1NIy69QyCrNLShWyC9LLVIoAUrnJFZVKqTkp+sphAxBxYeXPGpaAwDRj2rS5gAAAA==',
  two: 'H4sIAAAAAAAAA0tMSgYAwkEkNQMAAAAfiwgAAAAAAAADS0lNAwBh4cQMAwAAAAAAAAAAAAAA',
  garbage: 'H4sIAAAAAAAAA0tMSgYAwkEkNQMAAABnYXJiYWdl',
  def: 'eJwLyUhVKCzNTM5WSCrKL89TSMuvUMgqzS0oVsgvSy1SKAFK5yRWVSqk5KfrKYQMQcWHlzxqWgMAcTNUOw==',
  raw: 'C8lIVSgszUzOVkgqyi/PU0jLr1DIKs0tKFbIL0stUigBSuckVlUqpOSn6ymEDEHFh5c8aloDAA==',
  dict: 'eLtypQkNC8lIVShEk8sqzS0oVsgvSy1SKAFKw5TqKQxFxYeXPGpaAwBxM1Q7',
  rawdict: 'C8lIVShEk8sqzS0oVsgvSy1SKAFKw5TqKQxFxYeXPGpaAwA=',
  small: 'GJULyUhVKCzNTM5WSCrKL89TSMuvUMgqzS0oVsgvSy1SKAFK5yRWVSqk5KfrKYQMQcWHlzxqWgMAcTNUOw==',
  br: 'G+UAiKwObMd8NFtnlyHyvkJNRTosrsvQBFklmRlbg7jM5W2QMzw9FfYGG3DgkED+NgreoNMKpwgeJ0pTcITj7tPg5Q0=',
};
for (const name in made) made[name] = Buffer.from(made[name], 'base64');
const dictionary = Buffer.from('quick brown fox lazy dog');

// What comes out of a stream that is given these chunks: text, or the error.
function through(stream, chunks) {
  return new Promise((resolve) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('error', (error) => resolve([error.code, error.errno, error.message, Buffer.concat(parts).toString()]));
    stream.on('end', () => resolve([Buffer.concat(parts).toString(), stream.bytesWritten, stream.bytesRead]));
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
  });
}
const bytewise = (data) => Array.from(data, (byte) => Buffer.from([byte]));

async function work() {
  const result = {};
  const readers = ['gunzipSync', 'unzipSync', 'inflateSync', 'inflateRawSync', 'brotliDecompressSync'];
  for (const name in made) {
    for (const reader of readers) {
      for (const options of [undefined, { dictionary }, { windowBits: 9 }, { chunkSize: 64 }, { finishFlush: zlib.constants.Z_SYNC_FLUSH }]) {
        if (reader[0] === 'b' && options && options.finishFlush) continue;
        result[`${name} ${reader} ${JSON.stringify(options && Object.keys(options))}`] = attempt(() => zlib[reader](made[name], options).toString());
      }
      // Cut, and with one byte changed, at every place.
      const data = made[name];
      result[`${name} ${reader} cut`] = bytewise(data).map((_, at) => attempt(() => zlib[reader](data.slice(0, at)).toString('hex')));
      if (reader[0] === 'b') continue;
      result[`${name} ${reader} changed`] = bytewise(data).map((_, at) => {
        const bad = Buffer.from(data);
        bad[at] ^= 0x55;
        return attempt(() => zlib[reader](bad).toString('hex'));
      });
    }
  }
  const brokenBrotli = [[255], [0x80, 0x81, 0x82], [0x3f, 1, 2, 3], [0x1b, 0xff, 0xff]];
  result.brokenBrotli = brokenBrotli.map((bytes) => attempt(() => zlib.brotliDecompressSync(Buffer.from(bytes)).toString('hex')));

  const text = 'Zażółć gęślą jaźń. '.repeat(400);
  const pairs = [['gzip', 'gunzip'], ['deflate', 'inflate'], ['deflateRaw', 'inflateRaw'], ['gzip', 'unzip'], ['deflate', 'unzip'], ['brotliCompress', 'brotliDecompress']];
  for (const [to, from] of pairs) {
    const options = [undefined, {}, { level: 1 }, { level: 0 }, { level: 9, memLevel: 9 }, { strategy: zlib.constants.Z_HUFFMAN_ONLY }, { strategy: zlib.constants.Z_FIXED, memLevel: 1 }, { strategy: zlib.constants.Z_RLE }, { windowBits: 10 }, { chunkSize: 100 }];
    result[`${to} ${from}`] = options.map((some) => attempt(() => zlib[`${from}Sync`](zlib[`${to}Sync`](text, some)).toString() === text));
    result[`${to} ${from} later`] = await new Promise((resolve) => {
      zlib[to](text, (error, packed) => zlib[from](packed, (again, value) => resolve([error, again, value.toString() === text, packed.length < 1000])));
    });
    result[`${from} fails later`] = await new Promise((resolve) => {
      zlib[from](Buffer.from('\x80\x81 is nothing', 'latin1'), (error, value) => resolve([error.code, error.errno, error.message, value]));
    });
  }
  // Not for gzip: Node 10 itself falls over it.
  result.smallest = [zlib.inflateSync(zlib.deflateSync(text, { windowBits: 8 })).toString() === text, zlib.inflateRawSync(zlib.deflateRawSync(text, { windowBits: 8 })).toString() === text];
  result.empty = pairs.map(([to, from]) => zlib[`${from}Sync`](zlib[`${to}Sync`]('')).length);
  result.dictionary = attempt(() => zlib.inflateSync(zlib.deflateSync(text, { dictionary }), { dictionary }).toString() === text);
  result.wrongDictionary = attempt(() => zlib.inflateSync(made.dict, { dictionary: Buffer.from('another') }));
  result.kinds = [new Uint8Array([1, 2, 3]), new DataView(new ArrayBuffer(4)), new ArrayBuffer(5), new Uint16Array([258, 772])].map((data) => zlib.inflateSync(zlib.deflateSync(data)).toString('hex'));
  result.wrong = [5, null, undefined, {}, [1]].map((data) => attempt(() => zlib.deflateSync(data)));
  result.options = [{ level: 10 }, { level: 'x' }, { level: Infinity }, { windowBits: 7 }, { windowBits: 16 }, { memLevel: 0 }, { strategy: 5 }, { chunkSize: 1 }, { flush: 100 }, { finishFlush: -1 }, { dictionary: 'text' }, { windowBits: 0 }].map((options) => attempt(() => zlib.deflateSync('x', options).length > 0));
  result.brotliOptions = [{ params: { 1: 4 } }, { params: { 2: 16, 1: 0 } }, { params: { 1: 'x' } }, { params: { 99: 1 } }, { params: { 5: 100 } }].map((options) => attempt(() => zlib.brotliDecompressSync(zlib.brotliCompressSync('hello hello', options)).toString()));
  result.tooLittle = attempt(() => zlib.createGzip({ chunkSize: 63 }));

  for (const name of Object.keys(made)) {
    result[`${name} bytewise`] = await through(zlib.createUnzip(), bytewise(made[name]));
    result[`${name} gunzip bytewise`] = await through(zlib.createGunzip({ chunkSize: 64 }), bytewise(made[name]));
    result[`${name} inflate with dictionary`] = await through(zlib.createInflate({ dictionary }), bytewise(made[name]));
  }
  result.brotliBytewise = await through(zlib.createBrotliDecompress(), bytewise(made.br));

  const flushed = zlib.createDeflate();
  const seen = [];
  flushed.on('data', (part) => seen.push(part));
  await new Promise((resolve) => flushed.write('first part', () => flushed.flush(zlib.constants.Z_SYNC_FLUSH, resolve)));
  const early = Buffer.concat(seen);
  result.flush = [zlib.inflateSync(early, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString(), early.slice(-4).toString('hex')];
  await new Promise((resolve) => flushed.params(0, zlib.constants.Z_DEFAULT_STRATEGY, resolve));
  await new Promise((resolve) => flushed.write('second part', resolve));
  await new Promise((resolve) => flushed.params(9, zlib.constants.Z_FILTERED, resolve));
  await new Promise((resolve) => { flushed.on('end', resolve); flushed.end('third part'); });
  result.params = [zlib.inflateSync(Buffer.concat(seen)).toString(), Buffer.concat(seen).includes('second part')];
  result.badParams = [attempt(() => zlib.createDeflate().params(10, 0)), attempt(() => zlib.createDeflate().params(1, 9))];

  const again = zlib.createDeflate();
  again._processChunk(Buffer.from('lost'), zlib.constants.Z_NO_FLUSH);
  result.afterSync = attempt(() => again.reset());
  const info = zlib.gunzipSync(made.gz, { info: true });
  result.info = [Object.keys(info), info.buffer.toString().length, info.engine.bytesWritten];
  const closed = zlib.createGzip();
  result.close = await new Promise((resolve) => closed.close(() => resolve([closed._closed, attempt(() => closed.reset())])));
  const pending = zlib.createGzip();
  pending.write('data');
  result.closeWhileWriting = await new Promise((resolve) => pending.close(() => resolve(pending.destroyed)));
  result.shape = Object.keys(zlib).map((name) => [name, typeof zlib[name], typeof zlib[name] === 'function' ? zlib[name].length : zlib[name]]);
  result.calls = [zlib.Gzip() instanceof zlib.Gzip, zlib.createUnzip() instanceof zlib.Unzip, zlib.codes.Z_DATA_ERROR, zlib.codes['-3']];
  return result;
}
function lambda(input, callback) {
  work().then((result) => callback(null, JSON.parse(JSON.stringify(result, (key, value) => (value === undefined ? 'undefined' : value)))), callback);
}
