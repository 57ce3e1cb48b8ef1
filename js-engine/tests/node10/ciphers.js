// Ciphers beside the usual ones: keys wrapped in keys, OCB, Blowfish; and what is said of tags and lengths.
const crypto = require('crypto');
const out = [];
const log = (...values) => out.push(...values);
const attempt = (f) => {
  try {
    const value = f();
    return Buffer.isBuffer(value) ? value.toString('hex') : value;
  } catch (e) {
    return [e.name, e.code, e.message];
  }
};
const bytes = (length, start) => Buffer.from(Array.from({ length }, (_, i) => (start + 7 * i) & 255));
const run = (make, name, key, iv, data, options) => {
  const cipher = make(name, key, iv, options);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};
const seal = run.bind(null, crypto.createCipheriv);
const open = run.bind(null, crypto.createDecipheriv);

// First, because Node leaves what it says of other errors lying about for this.
for (const options of [{ N: 65536, r: 1, p: 1 }, { N: 1024, r: 8, p: 1, maxmem: 2 ** 20 }, { N: 3 }, { N: 2, r: 1, p: 2 ** 30 }]) log(attempt(() => crypto.scryptSync('p', 's', 1, options)));

for (const bits of [128, 192, 256]) {
  const key = bytes(bits / 8, 3);
  for (const [name, iv, lengths] of [[`aes${bits}-wrap`, Buffer.alloc(8, 0xa6), [0, 16, 24, 40]], [`id-aes${bits}-wrap`, bytes(8, 9), [32]], [`id-aes${bits}-wrap-pad`, bytes(4, 9), [1, 7, 8, 9, 16, 31]]]) {
    for (const length of lengths) {
      const wrapped = seal(name, key, iv, bytes(length, 50));
      log(wrapped.toString('hex'), attempt(() => open(name, key, iv, wrapped)));
      const forged = Buffer.from(wrapped);
      forged[0] ^= 1;
      if (length > 0) log(attempt(() => open(name, key, iv, forged)));
    }
    for (const n of [0, 4, 8, 16]) if (n !== iv.length) log(attempt(() => crypto.createCipheriv(name, key, Buffer.alloc(n))));
    log(attempt(() => crypto.createCipheriv(name, key, null)), attempt(() => crypto.createCipheriv(name, key.slice(1), iv)));
  }
  log(attempt(() => open(`aes${bits}-wrap`, key, Buffer.alloc(8), bytes(24, 1))));
}
const des = bytes(24, 5);
const wrap = crypto.createCipheriv('des3-wrap', des, '');
const [first, second] = [wrap.update(bytes(24, 1)), wrap.update(bytes(24, 1))];
log(first.length, first.equals(second), crypto.createDecipheriv('des3-wrap', des, null).update(first).toString('hex'));
log(crypto.createDecipheriv('des3-wrap', des, '').update('eb39f6cd18e01d1b4dc37e40b50d2b5e3d7f6d3ff0e0e1d4a6d1b3a1c1c0f0aa'.slice(0, 0), 'hex').length);
for (const length of [7, 16, 25, 32]) log(attempt(() => crypto.createDecipheriv('des3-wrap', des, '').update(bytes(length, 1))));
log(attempt(() => wrap.update(bytes(7, 1))), attempt(() => crypto.createCipheriv('des3-wrap', des, 'x')));

for (const name of ['bf', 'bf-cbc', 'bf-cfb', 'BF-ECB', 'bf-ofb', 'blowfish']) {
  for (const n of [1, 5, 16, 56]) {
    const iv = /ecb/i.test(name) ? '' : bytes(8, 2);
    const sealed = seal(name, bytes(n, 4), iv, Buffer.from('Hello World!'));
    log(sealed.toString('hex'), open(name, bytes(n, 4), iv, sealed).toString());
  }
}
log(attempt(() => crypto.createCipheriv('bf-ecb', '', '')), seal('bf-ecb', 'SomeRandomBlahz0c5GZVnR', '', 'Hello World!').toString('hex'));

for (const bits of [128, 192, 256]) {
  const key = bytes(bits / 8, 7);
  for (const [nonce, authTagLength, aad, length] of [[12, 16, 0, 0], [12, 16, 8, 8], [1, 12, 16, 16], [15, 8, 24, 40], [13, 4, 5, 1]]) {
    const cipher = crypto.createCipheriv(`aes-${bits}-ocb`, key, bytes(nonce, 1), { authTagLength });
    if (aad > 0) cipher.setAAD(bytes(aad, 2));
    const parts = [cipher.update(bytes(length, 3).slice(0, 5)), cipher.update(bytes(length, 3).slice(5)), cipher.final()];
    log(parts.map((part) => part.toString('hex')), cipher.getAuthTag().toString('hex'));
    const back = (tag) => {
      const decipher = crypto.createDecipheriv(`aes-${bits}-ocb`, key, bytes(nonce, 1), { authTagLength });
      if (aad > 0) decipher.setAAD(bytes(aad, 2));
      const text = decipher.update(Buffer.concat(parts));
      decipher.setAuthTag(tag);
      return Buffer.concat([text, decipher.final()]).toString('hex');
    };
    const wrong = cipher.getAuthTag();
    wrong[0] ^= 1;
    log(back(cipher.getAuthTag()), attempt(() => back(wrong)));
  }
  log(attempt(() => crypto.createCipheriv(`aes-${bits}-ocb`, key, bytes(12, 1))), attempt(() => crypto.createCipheriv(`aes-${bits}-ocb`, key, bytes(16, 1), { authTagLength: 16 })));
}

// CCM finds out in update(), and says it in final().
const ccm = crypto.createCipheriv('aes-128-ccm', bytes(16, 1), bytes(12, 1), { authTagLength: 16 });
const text = ccm.update('abc');
ccm.final();
const tag = ccm.getAuthTag();
tag[3] ^= 1;
const forged = crypto.createDecipheriv('aes-128-ccm', bytes(16, 1), bytes(12, 1), { authTagLength: 16 });
forged.setAuthTag(tag);
log(attempt(() => forged.update(text)), attempt(() => forged.final()));
for (const name of ['aes-256-gcm', 'aes-256-ccm']) {
  for (const authTagLength of [1, 3, 5, 17]) log(attempt(() => crypto.createCipheriv(name, bytes(32, 1), bytes(12, 1), { authTagLength })));
}
log(attempt(() => crypto.createCipheriv('aes-256-ccm', bytes(32, 1), bytes(12, 1))));
const gcm = (options) => crypto.createDecipheriv('aes-256-gcm', bytes(32, 1), bytes(12, 1), options);
log(attempt(() => gcm({ authTagLength: 8 }).setAuthTag(bytes(12, 1))), attempt(() => gcm().setAuthTag(bytes(16, 1)).setAuthTag(bytes(12, 1))), attempt(() => gcm().setAuthTag(bytes(12, 1)).final()));
log(attempt(() => crypto.createCipheriv('aes-128-cbc', 'short', Buffer.alloc(3))), attempt(() => crypto.createCipheriv('aes-128-cbc', 'short', null)), attempt(() => crypto.createCipheriv('AES-128-cbc', Buffer.alloc(16), null)));
callback(null, out);
