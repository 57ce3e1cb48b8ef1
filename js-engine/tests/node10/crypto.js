// Crypto: everything whose answer is not random, and round trips of what is. The key is made for this test.
const crypto = require('crypto');
const jwt = require('jsonwebtoken');
const out = [];
const log = (...values) => out.push(...values);
const attempt = (f) => {
  try {
    return f();
  } catch (e) {
    return [e.name, e.code, e.message];
  }
};
const text = 'The quick brown fox jumps over the lazy dög';
for (const name of ['md5', 'sha1', 'sha256', 'SHA512', 'sha384', 'sha224', 'ripemd160', 'RSA-SHA256']) {
  log(crypto.createHash(name).update(text).update(Buffer.from([1, 2])).digest('hex'));
  log(crypto.createHmac(name, 'key').update(text, 'latin1').digest('base64'));
}
log(crypto.createHash('sha1').update('616263', 'hex').digest('latin1').length, attempt(() => crypto.createHash('nope')));
log(attempt(() => crypto.createHmac('nope', 'k')), attempt(() => crypto.createHash('md5').update(5)));
const used = crypto.createHash('md5');
used.digest();
log(attempt(() => used.update('x')), attempt(() => used.digest()));
log(crypto.pbkdf2Sync('secret', 'salt', 1000, 32, 'sha512').toString('hex'));
log(crypto.scryptSync('pw', 'salt', 16, { N: 1024 }).toString('hex'));
log(crypto.timingSafeEqual(Buffer.from('abc'), Buffer.from('abc')), crypto.timingSafeEqual(Buffer.from('abc'), Buffer.from('abd')));
log(attempt(() => crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('ab'))));
log(crypto.randomBytes(16).length, crypto.randomFillSync(Buffer.alloc(10)).length);
for (const [name, key, iv] of [['aes-128-cbc', 16, 16], ['aes-256-cbc', 32, 16], ['aes-256-ctr', 32, 16], ['aes-192-ecb', 24, 0], ['des-ede3-cbc', 24, 8]]) {
  const cipher = crypto.createCipheriv(name, Buffer.alloc(key, 7), iv === 0 ? null : Buffer.alloc(iv, 9));
  const sealed = cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
  const decipher = crypto.createDecipheriv(name, Buffer.alloc(key, 7), iv === 0 ? null : Buffer.alloc(iv, 9));
  log(sealed, decipher.update(sealed, 'hex', 'utf8') + decipher.final('utf8'));
}
const gcm = crypto.createCipheriv('aes-256-gcm', Buffer.alloc(32, 1), Buffer.alloc(12, 2));
gcm.setAAD(Buffer.from('aad'));
const sealed = Buffer.concat([gcm.update(text), gcm.final()]);
log(sealed.toString('base64'), gcm.getAuthTag().toString('hex'));
const open = (tag) => {
  const decipher = crypto.createDecipheriv('aes-256-gcm', Buffer.alloc(32, 1), Buffer.alloc(12, 2));
  decipher.setAAD(Buffer.from('aad'));
  decipher.setAuthTag(tag);
  return decipher.update(sealed, null, 'utf8') + decipher.final('utf8');
};
log(open(gcm.getAuthTag()), attempt(() => open(Buffer.alloc(16))));
log(attempt(() => crypto.createCipheriv('aes-128-cbc', 'short', Buffer.alloc(16))), attempt(() => crypto.createCipheriv('nope', 'k', 'i')));
const key = `-----BEGIN RSA PRIVATE KEY-----
MIIEpAIBAAKCAQEAq9Abb0UVjo4Z32M4FFmSvcpIfOmBYQDA2CtmJuqxl8es7Z4v
bmU0VXy0JnjfHUoE/c16eqC95M281C4t7Q5DbBq/kzrmuIF4ybx8tFyB+Ld3WcRN
su53idwDRAanStonkQSZtu55Ekk2SVGcVSdUuKKzHA8Vp7fP/UvjrbD6Ci0p1TME
IqFFpGD4IH0I5gaU1qRy+xipzG9GOsYlruStIrH51N3HXEfzhe1H8f5FjExMeSaO
2La4AlJkbayhhIIEAy0WcEBi2Pp9kXe0zv0IRAnP3JVqj7Krh0cUrt1jvDqX2jrf
aXQwCLB8peU9p9xa6xPRbCiuLobg3nSGO/IqKwIDAQABAoIBAAeu/2+p4h18PD0d
P/Q2vUeJ2XnBLCQK/AKKRS2E8ERDIApipujxikh4bhPDhTJE+3C7+W7RWXXSm0/N
TFGiy1/1IkZuK1az3LgkUciF+Ee+nvvIuen3LwTNAFYZ5hKEmVhiWEjo5LbtNPe6
by0USlmnesDMxQqU0dM87+Ea8HhAiL9DG4o55barp8t+o9krgYOVhMCMvOqaP+mE
ibtPMnrV5cZYiRsrEZAcmOwb0K49yodPQuEqU1fJIV6akCH5wpg8/28LxP+HddNf
Lx8KQhHaPTXSUyHwzskPSJbBQ0TyBrpCJLWK/8kG3LfeQNE8AKnxbfkKNH3zAqDQ
GT0oiIECgYEA7vxBm39zpjLP4jqzQpmEOis2ycaecZNcORP6Rp2XSMZYMVMN2s+h
b4fDvw4txqeyJYiuHivXCjoR2FM/aqtXgcrdKOcpqBOGco6ds5TazGCGr0c8Cwwd
YoGJMI1DeD6Hc+XCuW4BQfHAx3bCThKAlYbf2RyvI+f3MhpCUE3J/7ECgYEAuAuR
FTekODmx9kcN3Mamp9BMVxGCLWZRXy1+xcaApTgIEs4gOxZX1wTC+XrvLDVYDQne
hOcEHsyA1Uw+tOEvsxvynt61Pz/ypuOrBO0MbNfORvXriF50IUdlM+mjOfW5tR/3
dwRoocV/c89lD0XG0RnALkyqBViF8wMMDFfqepsCgYEA38d3y5pZeXvE6wqaRren
eCx03hXM0X7x8USCq1LvkSag+HbT11tqyBuxsJofRRBMIRdOK1RTxPDBOvYgwMp2
Y0PJOX7To928nFJs2vZ8trmABGrIj3OlpFK1WrA8SEEM5vpzDt0x8kTkhiHvKdnr
a5hizVMtsIqKDvFFvRpKFtECgYB4IFSaHK87Y60cqlQJ/j9Y2UR6sBrftyD1lqRg
QqhFLsVWQOQYrQS4e4sne24Q1OCb4g0zgfXWhHSyxAlJ1pFjvqIlwAddOUgQVhmS
JYcuo80n0+vgHoZ+EjOkJqM7eX+1ESBctqv0qwv9cyjrRwf2A3DEx5VR1+3WJ+79
P4T0cQKBgQDpLLOVpZodLNop5O1tMlPiujcD53Ze6XuVLvrhHcUtGAbhX1X9VcMP
GxY047ADZJGfHJC2x3f4lhHxs8bUz4D+7X/6sfo3ux2khpT2CZKIoEe2M+o1v2sL
VAlZxtsIv+HWSvdao9jkEDgGPlpNeQHtQR4BhiwUgc8OHcQxAasnpA==
-----END RSA PRIVATE KEY-----`;
const publicKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAq9Abb0UVjo4Z32M4FFmS
vcpIfOmBYQDA2CtmJuqxl8es7Z4vbmU0VXy0JnjfHUoE/c16eqC95M281C4t7Q5D
bBq/kzrmuIF4ybx8tFyB+Ld3WcRNsu53idwDRAanStonkQSZtu55Ekk2SVGcVSdU
uKKzHA8Vp7fP/UvjrbD6Ci0p1TMEIqFFpGD4IH0I5gaU1qRy+xipzG9GOsYlruSt
IrH51N3HXEfzhe1H8f5FjExMeSaO2La4AlJkbayhhIIEAy0WcEBi2Pp9kXe0zv0I
RAnP3JVqj7Krh0cUrt1jvDqX2jrfaXQwCLB8peU9p9xa6xPRbCiuLobg3nSGO/Iq
KwIDAQAB
-----END PUBLIC KEY-----`;
const sign = crypto.createSign('RSA-SHA256').update(text).sign(key, 'base64');
log(sign, crypto.createVerify('RSA-SHA256').update(text).verify(publicKey, sign, 'base64'), crypto.createVerify('sha256').update('other').verify(publicKey, sign, 'base64'));
const secret = crypto.publicEncrypt(publicKey, Buffer.from('secret'));
log(crypto.privateDecrypt(key, secret).toString(), crypto.publicDecrypt(publicKey, crypto.privateEncrypt(key, Buffer.from('x'))).toString());
log(attempt(() => crypto.createSign('sha256').update('x').sign('nonsense')));
const a = crypto.createECDH('prime256v1');
const b = crypto.createECDH('prime256v1');
a.setPrivateKey(Buffer.alloc(32, 5));
b.generateKeys();
log(a.getPublicKey('hex', 'compressed'), a.computeSecret(b.getPublicKey()).equals(b.computeSecret(a.getPublicKey())));
const group = crypto.getDiffieHellman('modp5');
group.setPrivateKey && group.setPrivateKey(Buffer.alloc(8, 3));
log(group.getPrime('hex').length, group.getGenerator('hex'));
log(crypto.getHashes().includes('sha256'), crypto.getCiphers().includes('aes-256-gcm'), crypto.constants.RSA_PKCS1_PADDING);
const token = jwt.sign({ a: 1, iat: 1 }, 'secret', { algorithm: 'HS256' });
log(token, jwt.verify(token, 'secret'), attempt(() => jwt.verify(token, 'wrong')), jwt.sign({ a: 1, iat: 1 }, key, { algorithm: 'RS256' }));
log(jwt.verify(jwt.sign({ b: 2, iat: 1 }, key, { algorithm: 'RS256' }), publicKey, { algorithms: ['RS256'] }), jwt.decode(token, { complete: true }));
crypto.pbkdf2('a', 'b', 1, 8, 'sha1', (error, derived) => {
  log(error, derived.toString('hex'));
  const hash = crypto.createHash('sha256');
  hash.on('readable', () => {
    const digest = hash.read();
    if (digest) {
      log(digest.toString('hex'));
      callback(null, JSON.parse(JSON.stringify(out)));
    }
  });
  hash.write('streamed');
  hash.end();
});
