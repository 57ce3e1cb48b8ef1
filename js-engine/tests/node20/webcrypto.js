const RSA = {"kty":"RSA","n":"9TM2BXCSGTJl_Ba9Upl6Hx-H8u70QkUTBBDZhxZhCe-258YqhW3KvpQgEKq9Py-V8LZNkUOc7XTv0b5mlrFDKFpT03hzU0r_EWtLND_ZRTCk4hZszjrFdfBVb3zKeIOnMnuOS97WkQrENcP1OOlKIYwVnvrFqOxKQ2xMi3SKto7VLXdMIPYAluSx8IDNUoCFxklHF4vUtf81VJIUb5Rm-IHZINeqrIb2ZGNhkJ7PJOnZwB0u4C8Wl-kCNGBvczzjiSnZx5-V2OAFVHGrt2s13Cj_E3FNTvhgrHVvhWWeBZ02olcbt-3Yo8EdUzZQOygMKlviL5h9VB0Bmmxc29ht7Q","e":"AQAB","d":"AwcSS81X7Ovx1VIGj1EYRbZUvGgutez9-axSQYLerIn1F-CpTtw93IcBsz2msTq0216Yc0OCy8NdxAqvCrZpZVHTw18ImRF4jXjXzBnrgPzfxv4Aj32O9Czahosceq54JNKnvXr6I37JiajcUtk9sk-uKnEmehoMX13dTW29vZ-HBSd0dbT3YDHrSGhEqX9Zkwk9daqEoj0mOi-u09xOyvvYhOot1EC4xepERk3uYZjaymFtaLPf92pB_lVOFP_1ddLR9n9YC3tOuZmQJZdpmpkpHA-HKAP9SaWWaVc0Wsqzvf9TN8tBYQl01hLWiSGBRFBT1yCQ0_O2ZBz6pFdzYQ","p":"_cNiy6PINDWgw6gV_dvqOoeEaqJAYHfe9zcWOle60YuHgZmDv5x6wUoRnS4WXOACR_4BP-P28QoVZelMOfCdRmsqXrsyLwzOfyuwYSDzrf0IYvAT0HvVwThGi-IXqqpJi-0q1aEDcsLIQI9FaL0L-92AeGLvfFR1bE9AETrEekU","q":"91yAmx3tYHPWQEp1FmaFAyuZtyh_jresl1N3ziVXChpZKLa8U1KWug0FHU9zmKB3hyyCtZ0nPRVUn6gQCQ3XUnTWCSGYpAOQmPVzKXZfmhN4cAZXF4Z2HU09q0eK_2obbt8WBpsAYet2vaFZxqMKL9ovMrcyCL5inXfxY_4Oc4k","dp":"rM9f-jnA3v0eS9-tikE200DyRgPUP12ic0wKURTpXkXcs78tX1Far0KXmCiIhhrussQhabb-tcseI1aq2FIpaIkWQ4jLdgsMnMHNzXc5OuUzztybQcDzIjAGqr__SfPJPgb2wqBxzrci1AQ9SkRjYtPG5zTIzixeArI9eP5CStk","dq":"RtOAq2mFR2HDjgMDxZczLLY2PEBnTaj_zRCENE1yv5zNvJ-eCsmSCNGjjkHqmmAP-W9gObo2uwG5ikFn3f_NkHmNs22gNA4lP_a_s7aGJyq-CG14UG8asMcmCj3g6cMq-bL8roWBNYhjJmblur-CMjNp4j6cH-7Lc8UdJAFhh-k","qi":"1_jiNA9D4fMYILt3uy1xoP2tZ7iaNb-JKQt8i0-LuY2Hq1A5lCn8bYTi9iciMeVO58InFtYGEBZVJ2dCrTMfPHYRItyHix0s-eNvrrcabpXYbcb9ojgqzM0k1-SiR7Si2uFy0OX6tJW4PILmsHe9F0N8Hq_g_ap2QFi5g9ruu3E"};
const EC = {"kty":"EC","x":"FtpWsmWn_hmS7sLOL1tZp1E-hdPCmxkyMdobf1GLCgs","y":"nj4eFVcNbPKlHhulboqXYCDtNThb79iU2GO4B0wogqM","crv":"P-256","d":"dTZoXLNpn88tNZw2vMy9ffyXgo1hQSLvTNTk7Sj8Qhk"};
const EC384 = {"kty":"EC","x":"Vq70BbXdkZP80Jn2uZZKx_j11A4YUaBBS2Iw8pYc6428yJCoAvZKtXazUlJOdp0-","y":"SXOOYy0fOHQpwPGQI-WdHs360aoGqPTZE2Mh27ITIS9FuWFnCF3bjWhqNhqk0KXa","crv":"P-384","d":"u4XMKxQUC02YKnXm2zRaxhl7XRXv7YTByDaXQxPAn_5smN8qUKOZXHcHV73qL-hd"};
const publicOf = ({ d, p, q, dp, dq, qi, ...rest }) => rest;
const hex = (data) => Buffer.from(data).toString('hex');
const told = (work) => attempt(work).then((outcome) => (outcome && outcome.name && outcome.message !== undefined ? outcome.name : outcome));
const show = (key) => ({ type: key.type, extractable: key.extractable, algorithm: { ...key.algorithm, publicExponent: key.algorithm.publicExponent && hex(key.algorithm.publicExponent) }, usages: key.usages, tag: String(key) });

async function work() {
  const { subtle } = crypto;
  const result = {};
  const data = Buffer.from('some data, not too short for a block');
  for (const hash of ['SHA-1', 'SHA-256', 'sha-384', 'SHA-512', 'MD5', 'nope']) {
    result[`digest ${hash}`] = await told(async () => hex(await subtle.digest(hash, data)));
  }
  result.digests = [hex(await subtle.digest({ name: 'SHA-256' }, new DataView(new ArrayBuffer(3)))), await told(() => subtle.digest('SHA-256', 'text')), await told(() => subtle.digest()), (await subtle.digest('SHA-256', data)) instanceof ArrayBuffer];

  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const secret = await subtle.importKey('raw', Buffer.from('the key'), hmac, true, ['verify', 'sign']);
  const signature = await subtle.sign('HMAC', secret, data);
  result.hmac = [show(secret), hex(signature), await subtle.verify('HMAC', secret, signature, data), await subtle.verify('hmac', secret, Buffer.from(signature).fill(0, 3), data), await subtle.verify('HMAC', secret, Buffer.from('short'), data), await subtle.exportKey('jwk', secret), hex(await subtle.exportKey('raw', secret))];
  result.hmacJwk = [show(await subtle.importKey('jwk', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }, hmac, false, ['sign'])), await told(() => subtle.importKey('jwk', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS512' }, hmac, false, ['sign'])), await told(() => subtle.importKey('jwk', { kty: 'RSA' }, hmac, false, ['sign'])), await told(() => subtle.importKey('jwk', { kty: 'oct', k: 'c2VjcmV0', ext: false }, hmac, true, ['sign']))];
  result.refused = [
    await told(() => subtle.importKey('raw', Buffer.from('k'), hmac, true, ['encrypt'])),
    await told(() => subtle.importKey('raw', Buffer.from('k'), hmac, true, ['nonsense'])),
    await told(() => subtle.importKey('raw', Buffer.from('k'), hmac, true, [])),
    await told(() => subtle.importKey('raw', Buffer.alloc(0), hmac, true, ['sign'])),
    await told(() => subtle.importKey('raw', Buffer.from('k'), 'nope', true, ['sign'])),
    await told(() => subtle.importKey('raw', Buffer.from('k'), 'HMAC', true, ['sign'])),
    await told(() => subtle.importKey('raw', Buffer.alloc(15), 'AES-GCM', true, ['encrypt'])),
    await told(() => subtle.importKey('raw', Buffer.alloc(16), 'PBKDF2', true, ['deriveBits'])),
    await told(() => subtle.importKey('spki', Buffer.from('nonsense'), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify'])),
    await told(() => subtle.importKey('raw', Buffer.alloc(65, 4), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify'])),
    await told(() => subtle.importKey('raw', Buffer.alloc(65, 4), { name: 'ECDSA', namedCurve: 'P-1' }, true, ['verify'])),
    await told(async () => subtle.sign('HMAC', await subtle.importKey('raw', Buffer.from('k'), hmac, false, ['verify']), data)),
    await told(() => subtle.encrypt({ name: 'AES-CBC', iv: Buffer.alloc(16) }, secret, data)),
    await told(() => new CryptoKey()), await told(() => new SubtleCrypto()), await told(() => new Crypto()),
  ];

  for (const size of [16, 24, 32]) {
    const bytes = Buffer.alloc(size, 'key');
    for (const algorithm of [
      { name: 'AES-CBC', iv: Buffer.alloc(16, 'iv') }, { name: 'AES-CTR', counter: Buffer.alloc(16, 'c'), length: 64 },
      { name: 'AES-GCM', iv: Buffer.alloc(12, 'iv') }, { name: 'AES-GCM', iv: Buffer.alloc(12, 'iv'), additionalData: Buffer.from('more'), tagLength: 96 },
    ]) {
      const key = await subtle.importKey('raw', bytes, algorithm.name, true, ['encrypt', 'decrypt']);
      const hidden = await subtle.encrypt(algorithm, key, data);
      const spoiled = Buffer.from(new Uint8Array(hidden));
      spoiled[spoiled.length - 1] ^= 1;
      result[`${algorithm.name} ${size} ${algorithm.tagLength}`] = [hex(hidden), hex(await subtle.decrypt(algorithm, key, hidden)), await told(async () => hex(await subtle.decrypt(algorithm, key, spoiled)) === hex(data)), hex(await subtle.encrypt(algorithm, key, Buffer.alloc(0))), await subtle.exportKey('jwk', key), show(key)];
    }
  }
  const gcm = await subtle.importKey('raw', Buffer.alloc(16), 'AES-GCM', false, ['encrypt', 'decrypt']);
  result.aes = [await told(() => subtle.encrypt({ name: 'AES-GCM', iv: Buffer.alloc(12), tagLength: 7 }, gcm, data)), await told(() => subtle.encrypt({ name: 'AES-GCM' }, gcm, data)), await told(() => subtle.decrypt({ name: 'AES-GCM', iv: Buffer.alloc(12) }, gcm, Buffer.alloc(3)))];
  const made = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  result.generated = [show(made), (await subtle.exportKey('raw', made)).byteLength, show(await subtle.generateKey(hmac, false, ['sign'])), await told(() => subtle.generateKey({ name: 'AES-GCM', length: 5 }, true, ['encrypt']))];

  const password = await subtle.importKey('raw', Buffer.from('password'), 'PBKDF2', false, ['deriveBits', 'deriveKey']);
  const pbkdf2 = { name: 'PBKDF2', salt: Buffer.from('salt'), iterations: 1000, hash: 'SHA-256' };
  const derived = await subtle.deriveKey(pbkdf2, password, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  result.pbkdf2 = [hex(await subtle.deriveBits(pbkdf2, password, 256)), hex(await subtle.exportKey('raw', derived)), show(password), await told(() => subtle.deriveBits(pbkdf2, password, 7)), await told(() => subtle.deriveBits(pbkdf2, password, null)), await told(() => subtle.deriveBits({ ...pbkdf2, iterations: 0 }, password, 128))];
  const input = await subtle.importKey('raw', Buffer.from('input'), 'HKDF', false, ['deriveBits', 'deriveKey']);
  const hkdf = { name: 'HKDF', salt: Buffer.from('salt'), info: Buffer.from('info'), hash: 'SHA-512' };
  result.hkdf = [hex(await subtle.deriveBits(hkdf, input, 1024)), hex(await subtle.deriveBits({ ...hkdf, salt: Buffer.alloc(0) }, input, 256)), show(await subtle.deriveKey(hkdf, input, hmac, true, ['sign']))];

  for (const [name, jwk, hash] of [['P-256', EC, 'SHA-256'], ['P-384', EC384, 'SHA-384'], ['P-256', EC, 'SHA-512']]) {
    const algorithm = { name: 'ECDSA', namedCurve: name };
    const own = await subtle.importKey('jwk', jwk, algorithm, true, ['sign']);
    const other = await subtle.importKey('jwk', publicOf(jwk), algorithm, true, ['verify']);
    const signed = await subtle.sign({ name: 'ECDSA', hash }, own, data);
    const spki = await subtle.exportKey('spki', other);
    const pkcs8 = await subtle.exportKey('pkcs8', own);
    const raw = await subtle.exportKey('raw', other);
    const again = await subtle.importKey('spki', spki, algorithm, false, ['verify']);
    result[`ECDSA ${name} ${hash}`] = [show(own), show(other), signed.byteLength, await subtle.verify({ name: 'ECDSA', hash }, again, signed, data), await subtle.verify({ name: 'ECDSA', hash }, other, signed, Buffer.from('other')), await subtle.verify({ name: 'ECDSA', hash }, other, Buffer.alloc(5), data), hex(spki), hex(pkcs8), hex(raw), await subtle.exportKey('jwk', own), await subtle.exportKey('jwk', await subtle.importKey('raw', raw, algorithm, true, ['verify'])), (await subtle.sign({ name: 'ECDSA', hash }, await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']), data)).byteLength, await told(() => subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-521' }, true, ['verify']))];
  }
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  result.ecdsaPair = [show(pair.privateKey), show(pair.publicKey), await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, pair.publicKey, await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, data), data)];
  result.rsaPairs = [];
  for (const name of ['RSASSA-PKCS1-v1_5', 'RSA-PSS']) {
    const algorithm = { name, modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
    const { privateKey, publicKey } = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const how = { name, saltLength: 32 };
    const signed = await subtle.sign(how, privateKey, data);
    result.rsaPairs.push(show(privateKey), show(publicKey), signed.byteLength, await subtle.verify(how, publicKey, signed, data), await subtle.verify(how, publicKey, signed, Buffer.from('other')));
    result.rsaPairs.push(Object.keys(await subtle.exportKey('jwk', privateKey)).sort(), (await subtle.exportKey('spki', publicKey)).byteLength);
    result.rsaPairs.push(await told(() => subtle.generateKey({ ...algorithm, publicExponent: undefined }, true, ['sign'])));
  }
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
  const mine = await subtle.importKey('jwk', { ...EC, key_ops: undefined }, ecdh, true, ['deriveBits', 'deriveKey']);
  const theirs = await subtle.importKey('jwk', publicOf(EC), ecdh, true, []);
  result.ecdh = [hex(await subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, null)), hex(await subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, 128)), show(await subtle.deriveKey({ name: 'ECDH', public: theirs }, mine, { name: 'AES-CBC', length: 128 }, true, ['encrypt']))];

  for (const [name, extra] of [['RSASSA-PKCS1-v1_5', {}], ['RSA-PSS', { saltLength: 32 }]]) {
    for (const hash of ['SHA-256', 'SHA-512', 'SHA-1']) {
      const algorithm = { name, hash };
      const own = await subtle.importKey('jwk', RSA, algorithm, true, ['sign']);
      const other = await subtle.importKey('jwk', publicOf(RSA), algorithm, true, ['verify']);
      const signed = await subtle.sign({ name, ...extra }, own, data);
      const spki = await subtle.exportKey('spki', other);
      const pkcs8 = await subtle.exportKey('pkcs8', own);
      const again = await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
      result[`${name} ${hash}`] = [show(own), show(other), name === 'RSA-PSS' ? signed.byteLength : hex(signed), await subtle.verify({ name, ...extra }, other, signed, data), await subtle.verify({ name, ...extra }, other, signed, Buffer.from('other')), await subtle.verify({ name, ...extra }, other, Buffer.alloc(5), data), hex(spki), hex(pkcs8), await subtle.exportKey('jwk', again), show(await subtle.importKey('spki', spki, algorithm, true, ['verify']))];
    }
  }

  const wrapper = await subtle.importKey('raw', Buffer.alloc(16), 'AES-CBC', false, ['wrapKey', 'unwrapKey']);
  const cbc = { name: 'AES-CBC', iv: Buffer.alloc(16) };
  const wrapped = await subtle.wrapKey('raw', secret, wrapper, cbc);
  result.wrapped = [hex(wrapped), await subtle.exportKey('jwk', await subtle.unwrapKey('raw', wrapped, wrapper, cbc, hmac, true, ['sign']))];

  const kek = await subtle.importKey('raw', Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'), 'AES-KW', true, ['wrapKey', 'unwrapKey']);
  const kept = await subtle.importKey('raw', Buffer.from('00112233445566778899aabbccddeeff', 'hex'), 'AES-CBC', true, ['encrypt']);
  const sealed = await subtle.wrapKey('raw', kept, kek, 'AES-KW');
  const forged = Buffer.from(new Uint8Array(sealed));
  forged[0] ^= 1;
  const opened = (bytes) => subtle.unwrapKey('raw', bytes, kek, 'AES-KW', 'AES-CBC', true, ['encrypt']);
  result.keyWrap = [show(kek), hex(sealed), hex(await subtle.exportKey('raw', await opened(sealed))), await told(() => opened(forged)), await told(() => opened(Buffer.alloc(9))), await subtle.exportKey('jwk', kek), await told(() => subtle.encrypt('AES-KW', kek, data)), await told(() => subtle.importKey('raw', Buffer.alloc(16), 'AES-KW', true, ['encrypt'])), show(await subtle.generateKey({ name: 'AES-KW', length: 192 }, true, ['wrapKey']))];

  const numbers = new Uint32Array(4);
  result.random = [crypto.getRandomValues(numbers) === numbers, numbers.some((number) => number > 255), await told(() => crypto.getRandomValues(new Float32Array(1))), await told(() => crypto.getRandomValues(new Uint8Array(65537))), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())];
  result.shape = [Object.keys(Crypto.prototype).sort(), String(crypto), String(subtle), typeof globalThis.crypto, require('crypto').webcrypto === crypto, require('crypto').subtle === subtle];
  return result;
}
function lambda(input, callback) {
  work().then((result) => callback(null, JSON.parse(JSON.stringify(result))), callback);
}
