const { StringDecoder } = require('string_decoder');
function lambda(input, callback) {
  const result = { wrong: [attempt(() => new StringDecoder('nope')), attempt(() => new StringDecoder().write(5)), attempt(() => new StringDecoder().write('text'))] };
  const samples = [Buffer.from('a€😀é'), Buffer.from('a€😀é', 'ucs2'), Buffer.from([0xe2, 0x82, 0x61, 0xf0, 0x9f, 0x98, 0xe2, 0x82, 0xac, 0xff, 0x80, 0x80, 0xc3]), Buffer.from([0xed, 0xa0, 0x80, 0xf8, 0x41, 0xc0]), Buffer.from([0x3d, 0xd8, 0x00, 0xde, 0x3d, 0xd8, 0x41])];
  for (const encoding of ['utf8', 'utf16le', 'base64', 'hex', 'latin1', 'ascii', 'ucs2']) {
    samples.forEach((sample, index) => {
      for (const size of [1, 2, 3, 4, 5, 100]) {
        const decoder = new StringDecoder(encoding);
        const parts = [];
        for (let at = 0; at < sample.length; at += size) {
          parts.push(decoder.write(sample.slice(at, at + size)), decoder.lastNeed, decoder.lastTotal);
        }
        result[[encoding, index, size].join(' ')] = [parts, decoder.end(), decoder.end()];
      }
    });
  }
  callback(null, result);
}
