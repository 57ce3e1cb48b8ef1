const { Buffer: Same, SlowBuffer, transcode, kMaxLength, INSPECT_MAX_BYTES } = require('buffer');
function lambda(input, callback) {
  const result = {};
  const texts = ['', 'a', 'héllo', '日本語', '😀x', 'a\ud800b', '\udc00', 'aGVsbG8=', 'aGVs bG8', 'YQ==YQ==', 'a-_b', 'zz', '0g1', 'abc', 'ff00FF', 'x\0y', '\u00ff\u0100'];
  const encodings = ['utf8', 'UTF-8', 'ucs2', 'utf16le', 'UCS-2', 'latin1', 'binary', 'ascii', 'base64', 'hex', 'nope'];
  for (const text of texts) {
    for (const encoding of encodings) {
      result['from ' + texts.indexOf(text) + ' ' + encoding] = attempt(() => {
        const bytes = Buffer.from(text, encoding);
        return [bytes.toString('hex'), bytes.toString(encoding), Buffer.byteLength(text, encoding)];
      });
      result['write ' + texts.indexOf(text) + ' ' + encoding] = attempt(() => {
        const room = Buffer.alloc(5, 0x2e);
        return [room.write(text, 1, 3, encoding), room.toString('hex')];
      });
      result['fill ' + texts.indexOf(text) + ' ' + encoding] = attempt(() => Buffer.alloc(7, text, encoding).toString('hex'));
    }
  }
  const bad = [[0xff], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x61, 0xe2, 0x28, 0xa1], [0xf8, 0x88, 0x80], [0xef, 0xbb, 0xbf, 0x61]];
  result.bad = bad.map((bytes) => encodings.slice(0, 10).map((encoding) => Buffer.from(bytes).toString(encoding)));
  result.types = [undefined, null, 5, true, {}, [], [1, 256, -1, '7', 'x', 1.9], { length: 2, 0: 7 }, new String('boxed'), new Uint16Array([1, 513]), new ArrayBuffer(3), { type: 'Buffer', data: [1, 2] }, () => {}].map((value) => attempt(() => Buffer.from(value).toString('hex')));
  result.old = [attempt(() => new Buffer('abc').toString()), attempt(() => Buffer(3).length), attempt(() => new Buffer(undefined)), SlowBuffer(2).length];
  result.alloc = [-1, NaN, '5', 3.7, 2 ** 40].map((size) => attempt(() => Buffer.alloc(size).length));
  const some = Buffer.from('abcabcabc');
  result.search = [];
  for (const needle of ['b', 'abc', 'c', '', 'x', 'bca', Buffer.from('ca'), 98, 300, 'cabcabcabcabc', new Uint8Array([99])]) {
    for (const offset of [undefined, 0, 1, 4, -1, -4, -100, 100, NaN, 'b', null]) {
      result.search.push(attempt(() => [some.indexOf(needle, offset), some.lastIndexOf(needle, offset), some.includes(needle, offset)]));
    }
  }
  const wide = Buffer.from('aabbaabb', 'ucs2');
  result.wide = ['b', 'aa', 'ab', 'ba'].map((text) => [wide.indexOf(text, 0, 'ucs2'), wide.indexOf(text, 5, 'ucs2'), wide.lastIndexOf(text, undefined, 'ucs2')]);
  result.slices = [[], [1], [1, 3], [-3], [-3, -1], [3, 1], [0, 100], ['1', '2'], [NaN, 2]].map((args) => [some.slice(...args).toString(), some.toString('utf8', ...args)]);
  result.compare = [['a', 'b'], ['b', 'a'], ['a', 'a'], ['a', 'aa'], ['', 'x']].map(([a, b]) => [Buffer.compare(Buffer.from(a), Buffer.from(b)), Buffer.from(a).equals(Buffer.from(b)), Buffer.from(a).compare(Buffer.from(b))]);
  result.compareOffset = [[0, 3, 3, 6], [1, 2], [0, 100], [5, 3, 1, 2], [0, 3, 20]].map((args) => attempt(() => some.compare(some, ...args)));
  result.wrong = [attempt(() => Buffer.compare('a', 'b')), attempt(() => some.equals('a')), attempt(() => Buffer.concat('x')), attempt(() => Buffer.concat([1])), attempt(() => Buffer.byteLength(5)), attempt(() => some.write(5)), attempt(() => some.write('a', 100)), attempt(() => some.utf8Write('a', 100)), attempt(() => Buffer.from('a').swap16()), attempt(() => some.copy('x')), attempt(() => some.fill('a', -1)), attempt(() => some.fill('a', 0, 100)), attempt(() => some.toString('nope'))];
  const copy = Buffer.alloc(6, '.');
  result.copy = [[0], [2, 1, 4], [4, 0, 9], [9], [0, 8], [0, 3, 2]].map((args) => attempt(() => [some.copy(copy, ...args), copy.toString()]));
  const overlapping = Buffer.from('123456789');
  overlapping.copy(overlapping, 2, 0, 5);
  result.overlap = overlapping.toString();
  result.swap = [Buffer.from('abcdefgh').swap16().toString(), Buffer.from('abcdefgh').swap32().toString(), Buffer.from('abcdefgh').swap64().toString(), Buffer.from('ab'.repeat(80)).swap16().toString(), Buffer.from('abcd'.repeat(80)).swap32().toString()];
  const numbers = Buffer.alloc(16);
  numbers.writeDoubleLE(Math.PI, 0);
  numbers.writeInt32BE(-5, 8);
  numbers.writeUIntLE(0x123456789a, 10, 5);
  result.numbers = [numbers.toString('hex'), numbers.readDoubleLE(0), numbers.readFloatBE(1), numbers.readInt32BE(8), numbers.readUIntBE(9, 6), numbers.readIntLE(3, 3), attempt(() => numbers.readInt8(16)), attempt(() => numbers.readInt16LE('x')), attempt(() => numbers.writeUInt8(256, 0)), attempt(() => numbers.writeInt16BE(40000, 0))];
  result.json = [JSON.stringify(Buffer.from('hi')), String(Buffer.from('hi')), Buffer.isBuffer(some), Buffer.isBuffer(new Uint8Array(1)), Buffer.isEncoding('hex'), Buffer.isEncoding('x'), some instanceof Uint8Array, Same === Buffer, kMaxLength, INSPECT_MAX_BYTES, Buffer.poolSize];
  result.concat = [Buffer.concat([some, copy], 12).toString(), Buffer.concat([some], 12).toString('hex'), Buffer.concat([]).length];
  for (const method of ['utf8Slice', 'hexSlice', 'latin1Slice']) {
    result[method] = [[0, 10], [-1], [5], [2, 1], [0, -1], ['x'], [4, 4], [9, 9], [10, 10], [1.5], [NaN], [0, 2 ** 33]].map((args) => attempt(() => some[method](...args)));
  }
  result.utf8Write = [['x', 0, 10], ['x', -1], ['x', 50], ['xyz', 9], ['xyz', 2, -1], ['x', 0, 2 ** 33]].map((args) => attempt(() => Buffer.alloc(9).utf8Write(...args)));
  const known = ['hex', 'base64', 'nope', undefined, 'utf8', 'ucs2', 'latin1', 'ascii', 'binary'];
  result.transcodeAll = known.map((from) => known.map((to) => attempt(() => transcode(Buffer.from('aé€bc'), from, to).toString('hex'))));
  result.transcodeWrong = attempt(() => transcode('x', 'utf8', 'ucs2'));
  result.transcode = [['utf8', 'ascii'], ['utf8', 'latin1'], ['latin1', 'utf8'], ['utf8', 'ucs2'], ['ucs2', 'utf8']].map(([from, to]) => attempt(() => transcode(Buffer.from('aé€b', 'utf8'), from, to).toString('hex')));
  result.iterate = [[...Buffer.from('ab').entries()], Array.from(Buffer.from('ab').keys()), Buffer.from('ab').map((byte) => byte + 1).toString(), Buffer.from('ab').subarray(1).toString(), Buffer.of(1, 2).length];
  callback(null, result);
}
