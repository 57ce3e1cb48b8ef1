// Pairs of keys that are made: what is the same for all of them. The keys themselves are others each time.
const crypto = require('crypto');
const { promisify } = require('util');
const out = [];
const log = (...values) => out.push(...values);
const attempt = (f) => {
  try {
    return f();
  } catch (e) {
    return [e.name, e.code, e.message];
  }
};
const passphrase = 'top secret';
// The first and the last line of a PEM text, or the kind of what else a key is.
const shape = (key) => (typeof key === 'string' ? [key.split('\n')[0], key.split('\n').slice(-2), /DEK-Info: [^,]*/.test(key)] : [Buffer.isBuffer(key), key[0]]);
const works = (publicKey, privateKey) => {
  const signature = crypto.createSign('sha256').update('some text').sign(privateKey);
  return ['some text', 'other text'].map((text) => crypto.createVerify('sha256').update(text).verify(publicKey, signature));
};

const rsa = crypto.generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
log(Object.keys(rsa), shape(rsa.publicKey), shape(rsa.privateKey), works(rsa.publicKey, rsa.privateKey));
const hidden = crypto.publicEncrypt(rsa.publicKey, Buffer.from('hello'));
log(hidden.length, crypto.privateDecrypt(rsa.privateKey, hidden).toString());

const encrypted = crypto.generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicExponent: 3,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase },
});
log(shape(encrypted.publicKey), shape(encrypted.privateKey), works(encrypted.publicKey, { key: encrypted.privateKey, passphrase }));
log(attempt(() => works(encrypted.publicKey, { key: encrypted.privateKey, passphrase: 'wrong' })).length);

const curve = (namedCurve, type, more, publicFormat = 'pem', format = 'pem') =>
  crypto.generateKeyPairSync('ec', { namedCurve, publicKeyEncoding: { type: 'spki', format: publicFormat }, privateKeyEncoding: Object.assign({ type, format }, more) });
for (const name of ['prime256v1', 'secp256k1', 'secp384r1', 'secp521r1']) {
  for (const type of ['sec1', 'pkcs8']) {
    const pair = curve(name, type);
    log(shape(pair.publicKey), shape(pair.privateKey), pair.publicKey.length, pair.privateKey.length, works(pair.publicKey, pair.privateKey));
    const der = curve(name, type, {}, 'der', 'der');
    log(shape(der.publicKey), shape(der.privateKey), der.publicKey.length, der.privateKey.length);
  }
}
const sealed = curve('prime256v1', 'pkcs8', { cipher: 'aes-128-cbc', passphrase });
log(shape(sealed.privateKey), works(sealed.publicKey, { key: sealed.privateKey, passphrase }));

const ciphers = ['aes-192-cbc', 'des-ede3-cbc', 'AES-256-CBC', 'aes128', 'aes256', 'des3'];
for (const cipher of ciphers) {
  const protect = (type) => curve('P-256', type, { cipher, passphrase });
  const [own, any] = [protect('sec1'), protect('pkcs8')];
  log(own.privateKey.split('\n').slice(0, 2), /DEK-Info: ([^,]*),/.exec(own.privateKey)[1], works(own.publicKey, { key: own.privateKey, passphrase }));
  log(shape(any.privateKey), works(any.publicKey, { key: any.privateKey, passphrase }));
}
const rsaOf = (more) =>
  crypto.generateKeyPairSync('rsa', Object.assign({ modulusLength: 512, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } }, more));
for (const more of [{}, { modulusLength: 768 }, { modulusLength: 1025 }, { publicExponent: 3 }, { publicExponent: 0xffffffff }]) {
  const pair = rsaOf(more);
  log(pair.publicKey.length, works(pair.publicKey, pair.privateKey));
}
const dsaOf = (sizes, type, more) =>
  crypto.generateKeyPairSync('dsa', Object.assign({ publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: Object.assign({ type: 'pkcs8', format: 'pem' }, more) }, sizes));
const dsa = dsaOf({ modulusLength: 1024, divisorLength: 160 });
log(shape(dsa.publicKey), shape(dsa.privateKey), works(dsa.publicKey, dsa.privateKey), dsa.publicKey.length >= 640, dsa.publicKey.length < 670);
const sealedDsa = dsaOf({ modulusLength: 1024, divisorLength: 160 }, 'pkcs8', { cipher: 'aes-128-cbc', passphrase });
log(shape(sealedDsa.privateKey), works(sealedDsa.publicKey, { key: sealedDsa.privateKey, passphrase }));

const fine = { modulusLength: 1024, namedCurve: 'prime256v1', publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } };
const wrong = (type, more) => log(attempt(() => crypto.generateKeyPairSync(type, Object.assign({}, fine, more))));
wrong('other', {});
wrong(7, {});
wrong('rsa', { modulusLength: 'a' });
wrong('rsa', { modulusLength: -1 });
wrong('rsa', { publicExponent: 'a' });
wrong('rsa', { publicKeyEncoding: null });
wrong('rsa', { publicKeyEncoding: { type: 'sec1', format: 'pem' } });
wrong('rsa', { publicKeyEncoding: { type: 'spki', format: 'text' } });
wrong('rsa', { privateKeyEncoding: { type: 'sec1', format: 'pem' } });
wrong('rsa', { privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc' } });
wrong('rsa', { privateKeyEncoding: { type: 'pkcs1', format: 'der', cipher: 'aes-128-cbc', passphrase } });
wrong('rsa', { privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'none such', passphrase } });
wrong('rsa', { modulusLength: 511 });
wrong('rsa', { modulusLength: 0 });
for (const publicExponent of [0, 1, 2, 4, 65536]) wrong('rsa', { publicExponent });
wrong('rsa', { privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-ctr', passphrase } });
wrong('rsa', { privateKeyEncoding: { type: 'pkcs1', format: 'pem', cipher: 'aes-128-ecb', passphrase } });
wrong('dsa', { divisorLength: 'a' });
wrong('dsa', { publicKeyEncoding: { type: 'pkcs1', format: 'pem' } });
wrong('dsa', { privateKeyEncoding: { type: 'sec1', format: 'pem' } });
wrong('ec', { namedCurve: 'NIST P-256' });
wrong('ec', { namedCurve: 'none such' });
wrong('ec', { namedCurve: 7 });
wrong('ec', { paramEncoding: 'other' });
wrong('ec', { publicKeyEncoding: { type: 'pkcs1', format: 'pem' } });
wrong('dsa', { modulusLength: 'a' });
log(attempt(() => crypto.generateKeyPair('rsa', fine)));
log(attempt(() => crypto.generateKeyPairSync('rsa')));

const order = [];
const later = new Promise((resolve) => crypto.generateKeyPair('ec', fine, (error, publicKey, privateKey) => {
  order.push('done');
  resolve([error, works(publicKey, privateKey)]);
}));
order.push('called');
later
  .then((seen) => log(seen, order))
  .then(() => promisify(crypto.generateKeyPair)('ec', fine))
  .then((pair) => log(Object.keys(pair), works(pair.publicKey, pair.privateKey)))
  .then(() => callback(null, out), callback);
