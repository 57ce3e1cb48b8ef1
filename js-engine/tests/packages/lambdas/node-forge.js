const forge = require('node-forge');

forge.options.usePureJavaScript = true;

// Always the same numbers.
let state = 1;
const next = () => String.fromCharCode((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) >>> 16 & 255);
const prng = { getBytesSync: (n) => Array.from({ length: n }, next).join('') };

const lambda = async () => {
  const digest = forge.md.sha256.create().update('ü', 'utf8').digest().toHex();
  const hmac = forge.hmac.create();
  hmac.start('sha1', 'key');
  hmac.update('text');
  const cipher = forge.cipher.createCipher('AES-GCM', '0123456789abcdef');
  cipher.start({ iv: 'abcdefghijkl', additionalData: 'aad' });
  cipher.update(forge.util.createBuffer('plain'));
  cipher.finish();
  const keys = forge.pki.rsa.generateKeyPair({ bits: 512, prng });
  const hash = forge.md.sha1.create().update('signed');
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(0);
  certificate.validity.notAfter = new Date(1e12);
  certificate.setSubject([{ name: 'commonName', value: 'me' }]);
  certificate.setIssuer([{ name: 'commonName', value: 'me' }]);
  certificate.sign(keys.privateKey);
  return [
    digest, hmac.digest().toHex(), cipher.output.toHex(), cipher.mode.tag.toHex(), keys.publicKey.n.toString(16), keys.publicKey.verify(hash.digest().bytes(), keys.privateKey.sign(hash)), forge.pki.certificateFromPem(forge.pki.certificateToPem(certificate)).subject.getField('CN').value, forge.util.encode64(forge.pkcs5.pbkdf2('p', 's', 10, 16)),
    forge.asn1.prettyPrint(forge.asn1.fromDer(forge.util.hexToBytes('3006020101020102'))), forge.pki.getPublicKeyFingerprint(keys.publicKey, { encoding: 'hex' }).length,
  ];
};
