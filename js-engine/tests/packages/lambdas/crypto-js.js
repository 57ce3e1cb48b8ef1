const CryptoJS = require('crypto-js');

const lambda = async () => {
  const key = CryptoJS.enc.Hex.parse('000102030405060708090a0b0c0d0e0f');
  const sealed = CryptoJS.AES.encrypt('Message ü', key, { iv: key, mode: CryptoJS.mode.CBC, padding: CryptoJS.pad.Pkcs7 });
  const salted = CryptoJS.AES.encrypt('with a password', 'secret').toString();
  return [
    ['MD5', 'SHA1', 'SHA256', 'SHA224', 'SHA512', 'SHA384', 'SHA3', 'RIPEMD160'].map((name) => CryptoJS[name]('ü').toString()), CryptoJS.HmacSHA256('m', 'k').toString(CryptoJS.enc.Base64), sealed.toString(), sealed.ciphertext.toString(), CryptoJS.AES.decrypt(sealed, key, { iv: key }).toString(CryptoJS.enc.Utf8),
    CryptoJS.AES.decrypt(salted, 'secret').toString(CryptoJS.enc.Utf8), CryptoJS.PBKDF2('p', 's', { keySize: 8, iterations: 10 }).toString(), CryptoJS.TripleDES.encrypt('x', key, { iv: key, mode: CryptoJS.mode.CTR }).toString(), CryptoJS.enc.Utf16.parse('aü').toString(), CryptoJS.RC4.encrypt('x', key).toString(),
    CryptoJS.lib.WordArray.random(16).sigBytes,
  ];
};
