// Encryption with RSA in WebCrypto (RSA-OAEP).
const RSA = {"kty":"RSA","n":"9TM2BXCSGTJl_Ba9Upl6Hx-H8u70QkUTBBDZhxZhCe-258YqhW3KvpQgEKq9Py-V8LZNkUOc7XTv0b5mlrFDKFpT03hzU0r_EWtLND_ZRTCk4hZszjrFdfBVb3zKeIOnMnuOS97WkQrENcP1OOlKIYwVnvrFqOxKQ2xMi3SKto7VLXdMIPYAluSx8IDNUoCFxklHF4vUtf81VJIUb5Rm-IHZINeqrIb2ZGNhkJ7PJOnZwB0u4C8Wl-kCNGBvczzjiSnZx5-V2OAFVHGrt2s13Cj_E3FNTvhgrHVvhWWeBZ02olcbt-3Yo8EdUzZQOygMKlviL5h9VB0Bmmxc29ht7Q","e":"AQAB","d":"AwcSS81X7Ovx1VIGj1EYRbZUvGgutez9-axSQYLerIn1F-CpTtw93IcBsz2msTq0216Yc0OCy8NdxAqvCrZpZVHTw18ImRF4jXjXzBnrgPzfxv4Aj32O9Czahosceq54JNKnvXr6I37JiajcUtk9sk-uKnEmehoMX13dTW29vZ-HBSd0dbT3YDHrSGhEqX9Zkwk9daqEoj0mOi-u09xOyvvYhOot1EC4xepERk3uYZjaymFtaLPf92pB_lVOFP_1ddLR9n9YC3tOuZmQJZdpmpkpHA-HKAP9SaWWaVc0Wsqzvf9TN8tBYQl01hLWiSGBRFBT1yCQ0_O2ZBz6pFdzYQ","p":"_cNiy6PINDWgw6gV_dvqOoeEaqJAYHfe9zcWOle60YuHgZmDv5x6wUoRnS4WXOACR_4BP-P28QoVZelMOfCdRmsqXrsyLwzOfyuwYSDzrf0IYvAT0HvVwThGi-IXqqpJi-0q1aEDcsLIQI9FaL0L-92AeGLvfFR1bE9AETrEekU","q":"91yAmx3tYHPWQEp1FmaFAyuZtyh_jresl1N3ziVXChpZKLa8U1KWug0FHU9zmKB3hyyCtZ0nPRVUn6gQCQ3XUnTWCSGYpAOQmPVzKXZfmhN4cAZXF4Z2HU09q0eK_2obbt8WBpsAYet2vaFZxqMKL9ovMrcyCL5inXfxY_4Oc4k","dp":"rM9f-jnA3v0eS9-tikE200DyRgPUP12ic0wKURTpXkXcs78tX1Far0KXmCiIhhrussQhabb-tcseI1aq2FIpaIkWQ4jLdgsMnMHNzXc5OuUzztybQcDzIjAGqr__SfPJPgb2wqBxzrci1AQ9SkRjYtPG5zTIzixeArI9eP5CStk","dq":"RtOAq2mFR2HDjgMDxZczLLY2PEBnTaj_zRCENE1yv5zNvJ-eCsmSCNGjjkHqmmAP-W9gObo2uwG5ikFn3f_NkHmNs22gNA4lP_a_s7aGJyq-CG14UG8asMcmCj3g6cMq-bL8roWBNYhjJmblur-CMjNp4j6cH-7Lc8UdJAFhh-k","qi":"1_jiNA9D4fMYILt3uy1xoP2tZ7iaNb-JKQt8i0-LuY2Hq1A5lCn8bYTi9iciMeVO58InFtYGEBZVJ2dCrTMfPHYRItyHix0s-eNvrrcabpXYbcb9ojgqzM0k1-SiR7Si2uFy0OX6tJW4PILmsHe9F0N8Hq_g_ap2QFi5g9ruu3E"};
// What OpenSSL encrypted, with a label where the hash is longer than 32 bytes.
const SEALED = {
  'SHA-1': 'Bg2gH2fROIZ/SWdsgC9NGIhPo1YC2+DAczZpT8SuMm0XtR3esh9lI67eQS2tj19Aa9tjlzeO2olxKrpufVM1skPVQvCQXPrWW/XQn3SZDc6B5UpiTFYIpDoWqXGF1okvkD2TngfSNDuC0BNL0doYIgjyvHa1vPH/MJrnVNkEknV3jEQ8kOtZz/pk4en0/TtJyKxVLUn+A2adGEn4WXRpxAVBGpznQ24KZYNZV9THNratn88+hUSLtnKVN+ndP+pHDIik7uR2sEWNYBXM3LlPEId63MaOZ5BS3xV6mT1WH3VS8sDNk+M8Ymy0GBF7Vmhov/fr5mI6BEpeyfyxkjgnxA==',
  'SHA-256': 'XGGbMcUA6UU25VyeARvTAcxtQMkW566ZtTydHwY6NHdXxOn+XCmgPeUwPj7O8ZQHkS8AtINKffijB4Qe5Hv+16XOUPx1LvMAEBkTUiWU7Wcqwwvhm4JebOCLcBZTGd1bsTMcAu1iuSFh5O/I2KsqS/iZaN/J8BffYp3ArKs/gnVPAckzQWd743G2xasfHtMgJNzBuv3L47S+hVW6Ex6XJJIck6KsEmKby/cyeG8IYMkNgCuATYDt56b9mpGunDzmeqKDEP4kZoxdcKyTBrvr2AFAWv+Y1NvF/PFkGQcV8nQlLdKG1pU0h7A4cVESjkttzlD76HiLJuLsCOI1sLvfAg==',
  'SHA-384': 'zGTrk476KL6lToojUnmLe/z+a6TdOG5AmqN9dPUB1rkmX74qgSiZdSNWrmgNXr8HNhdemr1sSOuIUG6d+XY2oV6q89+5eDU7f85bipKwclQlZZlYHxVNi5XVX7F4dsr5PuhN018krdUu9Oo7CPEMbv4bE8Um0WVgJOxnxJkWS5wDz+Y+5xQTOu3ZacH+ufqDFlkTAQzxFxeitKz/3X90jG6ObT2vIjou1LwBObgiRxim07GBnPhfnU5iZxj+ZX3HidYe2yictfOT4Q0CEhiRCG+pwWdhKOHhcL3K2TNlqCT7JD4oIcadL3sbd0kquW6oomz/uQYM8WGrrFx9H7hN0Q==',
  'SHA-512': 'u4fOZCv3dsYdLPa/brjT2oxJLzpnMeLF3atlSHgw4KhKetANSaEL4YWmpvLKtumdMtGiXt33KLcsOjb+BSNFp3US3YfU6+Fx8RNe/5FZexEWkIzSWcv+L2A4dfqX8FOAwe3VvxvPKkJr319V4t42pvSLGq3aRvi07J7ivVeCSzoxsUV0/U3ncmRfgeB1zHRY/ZTBgKIHRE0X8rwpStlYH4NQmvktjywkYoiSxb00ColMMvi4gxHGtbPuGRFCVvKIOPteX9cPG0D7i5NG34U/HpSuNrWOOh4a4e0agmtzeecx8g4J7ebOIoARTuSUBmWMkeIYTTRjxtJa8ZeuMO0zrg==',
};

const publicOf = ({ d, p, q, dp, dq, qi, ...rest }) => rest;
const text = (data) => Buffer.from(data).toString();
const hex = (data) => Buffer.from(data).toString('hex');
const told = (work) => attempt(work).then((outcome) => (outcome && outcome.name && outcome.message !== undefined ? outcome.name : outcome));
const show = (key) => ({ type: key.type, extractable: key.extractable, algorithm: { ...key.algorithm, publicExponent: hex(key.algorithm.publicExponent) }, usages: key.usages });
const data = Buffer.from('some data');

async function work() {
  const { subtle } = crypto;
  const result = {};
  for (const hash of Object.keys(SEALED)) {
    const algorithm = { name: 'RSA-OAEP', hash };
    const own = await subtle.importKey('jwk', RSA, algorithm, true, ['decrypt', 'unwrapKey']);
    const other = await subtle.importKey('jwk', publicOf(RSA), algorithm, true, ['encrypt', 'wrapKey']);
    const label = hash > 'SHA-3' ? Buffer.from('a label') : undefined;
    const how = label === undefined ? 'RSA-OAEP' : { name: 'RSA-OAEP', label };
    const hidden = await subtle.encrypt(how, other, data);
    const again = await subtle.encrypt(how, other, data);
    const spki = await subtle.exportKey('spki', other);
    const pkcs8 = await subtle.exportKey('pkcs8', own);
    const most = 256 - 2 * { 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }[hash] - 2;
    result[hash] = {
      keys: [show(own), show(other), hex(spki), hex(pkcs8), await subtle.exportKey('jwk', own), await subtle.exportKey('jwk', other)],
      read: [show(await subtle.importKey('spki', spki, algorithm, false, ['encrypt'])), show(await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['decrypt']))],
      opened: [hidden instanceof ArrayBuffer, hidden.byteLength, hex(hidden) === hex(again), text(await subtle.decrypt(how, own, hidden)), text(await subtle.decrypt(how, own, Buffer.from(SEALED[hash], 'base64')))],
      sizes: [(await subtle.decrypt('RSA-OAEP', own, await subtle.encrypt('RSA-OAEP', other, Buffer.alloc(most)))).byteLength, await told(() => subtle.encrypt('RSA-OAEP', other, Buffer.alloc(most + 1))), (await subtle.decrypt('RSA-OAEP', own, await subtle.encrypt('RSA-OAEP', other, Buffer.alloc(0)))).byteLength],
      refused: [
        await told(() => subtle.decrypt({ name: 'RSA-OAEP', label: Buffer.from('another') }, own, hidden)),
        await told(() => subtle.decrypt(how, own, Buffer.alloc(256))), await told(() => subtle.decrypt(how, own, Buffer.alloc(7))),
        await told(() => subtle.encrypt(how, own, data)), await told(() => subtle.decrypt(how, other, hidden)),
        await told(() => subtle.encrypt({ name: 'RSA-OAEP', label: 'text' }, other, data)), await told(() => subtle.sign('RSA-OAEP', own, data)),
      ],
    };
  }

  const oaep = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const jwk = publicOf(RSA);
  result.keysRefused = [
    await told(() => subtle.importKey('jwk', jwk, oaep, true, ['decrypt'])), await told(() => subtle.importKey('jwk', RSA, oaep, true, ['encrypt'])),
    await told(() => subtle.importKey('jwk', RSA, oaep, true, [])), await told(() => subtle.importKey('jwk', jwk, 'RSA-OAEP', true, ['encrypt'])),
    await told(() => subtle.importKey('jwk', { ...jwk, alg: 'RSA-OAEP' }, oaep, true, ['encrypt'])), await told(() => subtle.importKey('jwk', { ...jwk, alg: 'RS256' }, oaep, true, ['sign'])),
    await told(() => subtle.importKey('jwk', { ...jwk, use: 'sig' }, oaep, true, ['encrypt'])), await told(() => subtle.importKey('raw', Buffer.alloc(16), oaep, true, ['encrypt'])),
  ];
  result.keysTaken = [
    show(await subtle.importKey('jwk', { ...jwk, alg: 'RSA-OAEP-256', use: 'enc' }, oaep, true, ['encrypt'])), show(await subtle.importKey('jwk', { ...jwk, use: 'sig' }, oaep, true, [])),
    show(await subtle.importKey('jwk', { ...jwk, alg: 'RSA-OAEP' }, { name: 'rsa-oaep', hash: 'sha-1' }, true, ['wrapKey'])),
  ];

  const { privateKey, publicKey } = await subtle.generateKey({ ...oaep, modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) }, false, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']);
  const hidden = await subtle.encrypt('RSA-OAEP', publicKey, data);
  const later = await subtle.importKey('spki', await subtle.exportKey('spki', publicKey), oaep, true, ['encrypt']);
  result.made = [show(privateKey), show(publicKey), hidden.byteLength, text(await subtle.decrypt('RSA-OAEP', privateKey, hidden)), text(await subtle.decrypt('RSA-OAEP', privateKey, await subtle.encrypt('RSA-OAEP', later, data)))];
  result.notMade = [];
  for (const [change, usages] of [[{}, []], [{}, ['encrypt']], [{}, ['sign']], [{ modulusLength: undefined }, ['decrypt']], [{ publicExponent: [1, 0, 1] }, ['decrypt']], [{ hash: 'MD5' }, ['decrypt']], [{ publicExponent: Uint8Array.of(0) }, ['decrypt']]]) {
    result.notMade.push(await told(() => subtle.generateKey({ ...oaep, modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), ...change }, true, usages)));
  }

  const secret = await subtle.importKey('raw', Buffer.from('00112233445566778899aabbccddeeff', 'hex'), 'AES-GCM', true, ['encrypt']);
  const wrapped = await subtle.wrapKey('raw', secret, publicKey, 'RSA-OAEP');
  const open = (format, bytes, usages) => subtle.unwrapKey(format, bytes, privateKey, 'RSA-OAEP', 'AES-GCM', true, usages);
  result.wrapped = [wrapped.byteLength, hex(await subtle.exportKey('raw', await open('raw', wrapped, ['encrypt']))), await told(() => open('jwk', wrapped, ['encrypt'])), await told(() => open('raw', hidden, ['encrypt'])), await told(() => open('raw', wrapped, [])), await told(() => subtle.wrapKey('jwk', secret, publicKey, 'RSA-OAEP'))];

  // A key as text is a whole number of blocks for a wrapper that needs it.
  const kek = await subtle.importKey('raw', Buffer.alloc(16, 7), 'AES-KW', true, ['wrapKey', 'unwrapKey']);
  result.jwkInBlocks = [];
  for (const usages of [['encrypt'], ['encrypt', 'decrypt'], ['encrypt', 'decrypt', 'wrapKey']]) {
    const kept = await subtle.importKey('raw', Buffer.alloc(32, 5), 'AES-CBC', true, usages);
    const sealed = await subtle.wrapKey('jwk', kept, kek, 'AES-KW');
    const opened = await subtle.unwrapKey('jwk', sealed, kek, 'AES-KW', 'AES-CBC', true, usages);
    result.jwkInBlocks.push(sealed.byteLength % 8, hex(await subtle.exportKey('raw', opened)));
  }
  const wrapper = await subtle.importKey('raw', Buffer.alloc(16), 'AES-CBC', false, ['wrapKey', 'unwrapKey', 'encrypt']);
  const cbc = { name: 'AES-CBC', iv: Buffer.alloc(16) };
  const nonsense = await subtle.encrypt(cbc, wrapper, Buffer.from('{"kty":'));
  result.noJwk = await told(() => subtle.unwrapKey('jwk', nonsense, wrapper, cbc, 'AES-GCM', true, ['encrypt']));
  return result;
}
function lambda(input, callback) {
  work().then((result) => callback(null, JSON.parse(JSON.stringify(result))), callback);
}
