// Bytes that are text, and back: where one byte a character ends to be enough, and base64 that is and is not what the
// standard asks for.
const values = [];
const digest = (text) => require('crypto').createHash('md5').update(Buffer.from(text, 'ucs2')).digest('hex');
const texts = ['', 'a', '\x7f', '\x80', '\xff', '\u0100', '\u07ff', '\u0800', '\uffff', '\ufeff', '\u{10000}', '\u{10ffff}', '\ud800', '\udc00'];
for (const text of texts) {
  for (const around of ['', 'ascii', '\xe9', '\u20ac', '\u{1f600}']) {
    for (const times of [1, 7, 33]) {
      const whole = `${around}${text}`.repeat(times) + around;
      const bytes = Buffer.from(whole);
      const again = bytes.toString();
      values.push([bytes.length, again.length, digest(again), again === whole, again === `${whole} `.slice(0, -1)].join());
      values.push([...[1, 2, 3].map((cut) => digest(bytes.slice(0, -cut).toString())), digest(bytes.slice(1).toString())].join());
      values.push(Object.keys({ [again]: 1 })[0] === again, again.charCodeAt(again.length - 1), again.toUpperCase() === whole.toUpperCase());
    }
  }
}
const base64 = ['', 'QQ==', 'QQ=', 'QQ', 'Q', 'QUI=', 'QUI', 'QUJD', 'QUJDRA==', 'QUJD\nREVG', 'QU JD', '-_-_', '+/+/', '+_/-', 'QQ==QQ==', 'QR==', 'QUJ=',
  'QUJD*', '*QUJD', '=QUJD', 'QUJDRA===', 'QUJDR===', '\u00e9QUJD', 'QUJD\u20ac', `${'QUJD'.repeat(50)}=`, `${'QUJD\r\n'.repeat(50)}QQ`];
for (const text of base64) values.push(Buffer.from(text, 'base64').toString('hex'), Buffer.byteLength(text, 'base64'));
for (let size = 0; size < 70; size++) {
  const bytes = Buffer.alloc(size, '\u00fe\u00ff>?');
  values.push(bytes.toString('base64'), Buffer.from(bytes.toString('base64'), 'base64').equals(bytes));
}
// Texts that are long enough for memory of their own, about where they are, and what stands where in eight bytes.
for (const length of [4095, 4096, 5000]) {
  for (const odd of ['', '\xe9', '\u20ac', '\u{1f600}', '\ud800']) {
    for (const at of [0, 5, 8, length - 1, length]) {
      const whole = 'x'.repeat(at) + odd + 'yz'.repeat(length).slice(0, length - at);
      values.push([undefined, 'utf8', 'UTF-8', '', 'latin1', 'ucs2'].map((encoding) => {
        const bytes = Buffer.from(whole, encoding);
        return [bytes.length, digest(bytes.toString()), digest(bytes.toString(encoding || 'utf8'))].join();
      }).join());
    }
  }
}
const { poolSize } = Buffer;
for (const size of [0, 1, 16, poolSize]) {
  Buffer.poolSize = size;
  values.push(['', 'a', 'a longer text'].map((text) => [Buffer.from(text).toString(), Buffer.from(text, 'hex').length].join()).join());
}
values.push(Buffer.from.name, Buffer.from.length, 'prototype' in Buffer.from);
callback(null, values);
