// Keys of older kinds: DSA, PKCS #12's encryption, signed keys with a challenge; and ECDH's corners. The keys are made for this test.
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
const DSA = `-----BEGIN DSA PRIVATE KEY-----
MIIBvAIBAAKBgQDz5d3vdHReqo1HiZPM3pbJlQysECJQKgdTs0OslSEHr4OwfoG+
StDxAV5d10uIBGPQEQ69T1q+rBAc3jPMA2ggsGnY3tlg4MrbX+2fYzdr/r2tL629
GyQTA3Ge9oLLxTM6b5zhnfH8sd940XYvNskDJWcysabfxZO++wgtEx8ZHQIVAI9k
qIWd2/9lbPt67VvDrSzfDj8TAoGBAJeS4NOwrKuWITmekCXcFK8/giQxMVR1iHPN
fvFNX9ceOTRjDD1sFBCqoe/rXZf+q8QLAYX6f3SZM6EYqKM68rnGCCoKeb09qr+k
6cd3fbURBpN8YPK643IWgH/Yxx0tKaMdoIVoDdGel9KY9Hv/AlfLDDx+qAjIh9pb
PTx+sLFoAoGBAKmYwCGVITrJeOV/VPZmf/1Rs1zytX1opZ13n12yePrsgxYrWwDv
ItgHuqbaxKB33sAWtARAsyC8xZhrMrsQGvULDRfTav0w3bX0X7z1LR63nUWyKzHQ
NJiZ4FyLtKrTbDoBUnS2yNlz0JJ8pUUqbvBjapfeVaT2k6jnv0U3VRClAhQLZzBZ
vmjY+zOyuoHoJzpBgORMAQ==
-----END DSA PRIVATE KEY-----`;
const DSA_PKCS8 = `-----BEGIN PRIVATE KEY-----
MIIBSwIBADCCASwGByqGSM44BAEwggEfAoGBAPPl3e90dF6qjUeJk8zelsmVDKwQ
IlAqB1OzQ6yVIQevg7B+gb5K0PEBXl3XS4gEY9ARDr1PWr6sEBzeM8wDaCCwadje
2WDgyttf7Z9jN2v+va0vrb0bJBMDcZ72gsvFMzpvnOGd8fyx33jRdi82yQMlZzKx
pt/Fk777CC0THxkdAhUAj2SohZ3b/2Vs+3rtW8OtLN8OPxMCgYEAl5Lg07Csq5Yh
OZ6QJdwUrz+CJDExVHWIc81+8U1f1x45NGMMPWwUEKqh7+tdl/6rxAsBhfp/dJkz
oRioozryucYIKgp5vT2qv6Tpx3d9tREGk3xg8rrjchaAf9jHHS0pox2ghWgN0Z6X
0pj0e/8CV8sMPH6oCMiH2ls9PH6wsWgEFgIUC2cwWb5o2PszsrqB6Cc6QYDkTAE=
-----END PRIVATE KEY-----`;
const DSA_ENCRYPTED = `-----BEGIN DSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: DES-EDE3-CBC,86F65564EDEB2B09

g5KY+D9P2QTWVATxGwtuyICHRlb2w5hVJukKiK3e00U4L1Q8iZgM2kffwrfN1DPA
dC5WYSooOHOz7BvBhNC5jDOfDYVslBBNb4neAMbasEnaGoInRqgb4qAQrWyUP38o
p4dEdpeRBQXyKjWPYCHdKK6poDxbCUrA1U1i23AizL0fiziLUCohVvmsapHSIBvk
XZsjydGDv+VjcG4UUibTz5xoTixecEuOCMXBAI3zKA1X3prXQvu9FYF/P1cZYf/9
L1EgfIMMn1hfcDAPofBZ4D3TkEpufytvFE8R+qRrHHxBYHbM/2DtA/8ayXcAF5IB
kwKS1+U5N3r+cBm5QZ1AGNP32nEb/JcRVsOi/i/F/dmBXnAknEniHTWk/Pninnlr
BkYi/CUBbMhSmWfgCb0ZM7G8eRDr9TRZdpmNJYYVCkQ4gWhFZQ+IN519AFQ7huG5
Mf1uHfaAccgYNulhYmP+OJ91OiP1USh7aoagB+eVJchH/yOqgtQV4Ozwm4uCiOqI
wyoYHUZ/YBzLWsHH9DEJAK8FsEWCFviLThq9GPuPC9SOa0y0JVvwDJO6cUc7ewpm
73vjczOIIS2Pnk8jgf7hoobuSq5eBue0
-----END DSA PRIVATE KEY-----`;
const DSA_PKCS12 = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIIBcjAcBgoqhkiG9w0BDAEDMA4ECD1fbyFbKZiIAgIIAASCAVCwDUo+vkEMv9Ry
qKcfzaGn+ZzEc2Dh3CndkuYo6P0fW07AOqJ4yrddorPNa1rSV1cJOSdKQUnuc/5w
NuyfewCSgDzNY0ibgq03AWq21JCDa8uMZaWzlDkwrXtrG96wHXCGV6Pn/YS111QW
Z12x1oP5iz6pMfgeNT4qam0/V1ZGOvcHV4TvEJGEbJ6OhBOi7FZ2ifhVmrtQ1YX3
ZlyeU+TCQ7yQ+mztoj9rTtR/LEZhbbV77Lm5bGcpe9e67fvHpO8tkW9poxwer020
AKVsxufCLki8ENLZkscqrHW9khcAkmoPNUonTzJKtqeDTYrVuVQh5YZ+R6KzjaJ+
yUESuQxp5lMPlOBtCZP4Ozjb3do41XDVmkdLgAeYJMOoX9nra3lYtA/xHuweMqr5
GIetpyfXxsT6lujeXRnebvNf6sQKLLzutw7j0Ftj59BKkwQS0ao=
-----END ENCRYPTED PRIVATE KEY-----`;
const DSA_PUBLIC = `-----BEGIN PUBLIC KEY-----
MIIBuDCCASwGByqGSM44BAEwggEfAoGBAPPl3e90dF6qjUeJk8zelsmVDKwQIlAq
B1OzQ6yVIQevg7B+gb5K0PEBXl3XS4gEY9ARDr1PWr6sEBzeM8wDaCCwadje2WDg
yttf7Z9jN2v+va0vrb0bJBMDcZ72gsvFMzpvnOGd8fyx33jRdi82yQMlZzKxpt/F
k777CC0THxkdAhUAj2SohZ3b/2Vs+3rtW8OtLN8OPxMCgYEAl5Lg07Csq5YhOZ6Q
JdwUrz+CJDExVHWIc81+8U1f1x45NGMMPWwUEKqh7+tdl/6rxAsBhfp/dJkzoRio
ozryucYIKgp5vT2qv6Tpx3d9tREGk3xg8rrjchaAf9jHHS0pox2ghWgN0Z6X0pj0
e/8CV8sMPH6oCMiH2ls9PH6wsWgDgYUAAoGBAKmYwCGVITrJeOV/VPZmf/1Rs1zy
tX1opZ13n12yePrsgxYrWwDvItgHuqbaxKB33sAWtARAsyC8xZhrMrsQGvULDRfT
av0w3bX0X7z1LR63nUWyKzHQNJiZ4FyLtKrTbDoBUnS2yNlz0JJ8pUUqbvBjapfe
VaT2k6jnv0U3VRCl
-----END PUBLIC KEY-----`;
const RSA = `-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBALin8fLAdSfpKT6U
INLmMOm2TQqGf4ILNRuImLBKUYvOOKGckBUj4VIFQTLZWCaIeX7NaylwTuO9D7Cp
I3iuU0CYNYvEpU+QQKU6dDRultHWAO6ODtFxm4bH4lS9k2bPwd/HgrulncdryMgT
ltzgrxPKxhfNw6V6KRmh8uPciP1hAgMBAAECgYEAm+ZXNI9emlKVWtsvFz/3fepH
AyLo1j9mGBfsabJlRLbYQ0Hut5pyapA7KpYrgWTpxq/h0LucL1R4wbsbUpFDgS83
1U8jkx4SJTlSlEUdV8IwvVra3fBK436fSHAf3uqYdiA9kJ/7VDztv9sLdeLs2xkS
myH6Lh9YMsFTpmkMec0CQQDj3zfl862PeJU2Cq+famQf1wlRR+KMK/Lpr3Qyrmui
nrYorkHz0MFAyc0KgbxhXeB+SMQ30bA+A/eYCjYwV1+vAkEAz3MZP+3d3W16ykKV
FTIiRU+9Rhp+C65TbyUisqenb3y0VI8ZPmlB7NwG4XsrTbOelUOpuRMBih86lLeh
yI0n7wJBAL/Rp7xq5C9h0jkrxarsZFxpJ+7EFHDqjhEpISeIrBK4h563Ec2sbQGc
3n15uJo97DxiBMr4OOP7cvEJp5QJ+QECQD2801bjQ5QScOigyB12vhxCjuG+IKT5
THtXYewpWPsk8cX4kFqymJwVHzcboNePDTL+4BPkRCEHCjgYLl2xJKECQBNRgPwj
MRzBlFUCTa8itcSXhcJUnSVILUAjT9WdovVBG5uNBeFpHJLATWqozKf0h02VSQgd
+HL09dBe62lvQKs=
-----END PRIVATE KEY-----`;
const RSA_PKCS12 = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIICojAcBgoqhkiG9w0BDAEEMA4ECCbtJxFg5SZxAgIIAASCAoA59sKJm98wtBVc
lkMYoGcLypQuDYvC0wBg2Um3YRA4PknUrx2y2we9Kpr+8/HVoZf413wIXS3tliMX
1BJarrYmqnbwyUydgAuoTmEyD4N/TTKfhQ0H+fT86/BDqQuNpHshMm5EDhfAlxi+
fwZ5JiHxco8E07cWk+9lkZJz9jgu8vSOVO3V4aCImUe0cxD36EUsixYrNvk433fG
OYUue4G8yP3fYm//zxtxAmDmQhag9jiRe35Lw0CgacSWum9RfD7TB/5fBnT05OVj
7HhMbDsYVTKRqxWqu7wiU9tI1r18o+hpzyTG5EdZaSIG51XhCgSx5REJbOba/mxx
jwfBZAVwWp0R4KfZDY+3J/0WKgEg8m5azI5fEfXKKp2MHxknmD3g41EIAri09Cyi
LZY2bDm7EUp3OKx8oVD9Sma18iwN5CSUxW4NUEUySzFU4nkl5R4AEcigeJ5GKdAK
McV/ObRK7CC+PQBiSs0JFHftrHPkxwjRf1F95kGRT2JFJbZP6UPJITtdricFewv8
5yazuMw5VizN8+OO/HHanqeqBxqozEswufLCDfXCG+A+JIISKKZSGdb4Hl7iUJYr
ezlxYbScg5gw9NTgo2mbwHgj14uI1JxZjgKRmUCdk5fNhY75rQ3Ob0oxSqkm+bwM
sst0hY1wW5yvHiNp5S6VE6+kXua43q9g53Qx3PosAs2X1X//2TVJFzVPY3rESYyy
5lQ+Nzem2U7/SstBbWAtCCp5yC6AUdvl9izAftsEJKHetX73I7/j97EKw3dlDsEb
VbNiemkYOV3tpb57fA7R0lMYM/tr8knwZjFbY7SDxQdH0ESlz0inqXsc5+rVILqm
uPeB6ygN
-----END ENCRYPTED PRIVATE KEY-----`;
const SPKAC = 'MIIBSTCBszCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAuKfx8sB1J+kpPpQg0uYw6bZNCoZ/ggs1G4iYsEpRi844oZyQFSPhUgVBMtlYJoh5fs1rKXBO470PsKkjeK5TQJg1i8SlT5BApTp0NG6W0dYA7o4O0XGbhsfiVL2TZs/B38eCu6Wdx2vIyBOW3OCvE8rGF83DpXopGaHy49yI/WECAwEAARYPaGVsbG8tY2hhbGxlbmdlMA0GCSqGSIb3DQEBBAUAA4GBABAJVjz/Jbmk7W9P+EfhQI8xnrF5gLz6GhkHzdNdlFLmJFncMmllZSFu8AlIDZD3jGB/kNELc9u5W/N1p88CzaRmBGPrzxzYY8OmjePKS/YDUu3J9qO5JHaM27W73WJjuaB4ToMvqQiu9x+YpRTPzLnJDTX4BVR00XTbvEDapoZU';

const sign = (key, hash = 'sha256') => crypto.createSign(hash).update('some text').sign(key);
const verify = (key, signature, hash = 'sha256', text = 'some text') => crypto.createVerify(hash).update(text).verify(key, signature);
for (const key of [DSA, DSA_PKCS8, { key: DSA_ENCRYPTED, passphrase: 'secret' }, { key: DSA_PKCS12, passphrase: 'pässword' }]) {
  for (const hash of ['sha1', 'DSS1', 'sha256', 'sha512']) {
    const signature = sign(key, hash);
    const wrong = Buffer.from(signature);
    wrong[signature.length - 1] ^= 1;
    log(verify(DSA_PUBLIC, signature, hash), verify(DSA_PUBLIC, signature, hash, 'other'), verify(DSA_PUBLIC, wrong, hash));
  }
}
log(sign(DSA).equals(sign(DSA)));
log(verify(DSA_PUBLIC, Buffer.from('302c0214325bd0cf52cd2598d4ff1a892a7788989b20f2cd021436467bd21e04468643266e78e57dcdf7022bf38b', 'hex')));
for (const passphrase of ['wrong', undefined, 'pÄssword']) {
  log(attempt(() => sign({ key: DSA_PKCS12, passphrase }) && 1), attempt(() => sign({ key: DSA_ENCRYPTED, passphrase }) && 1));
}
log(attempt(() => crypto.publicEncrypt(DSA_PUBLIC, Buffer.from('x'))).length);
log(sign(RSA).equals(sign({ key: RSA_PKCS12, passphrase: 'secret' })), sign(RSA).toString('hex'), attempt(() => sign({ key: RSA_PKCS12, passphrase: Array.from('secret') })));
log(crypto.privateDecrypt({ key: RSA_PKCS12, passphrase: Buffer.from('secret') }, crypto.publicEncrypt({ key: RSA_PKCS12, passphrase: 'secret' }, Buffer.from('hello'))).toString());

for (const maker of [crypto.Certificate, new crypto.Certificate()]) {
  const forged = Buffer.from(SPKAC);
  forged[100] = forged[100] === 65 ? 66 : 65;
  for (const spkac of [Buffer.from(SPKAC), Buffer.from(SPKAC + '\n'), forged, Buffer.from('nothing'), Buffer.alloc(0)]) log(attempt(() => maker.verifySpkac(spkac)));
  for (const spkac of [SPKAC, Buffer.from(SPKAC), 'nothing', '']) log(String(maker.exportPublicKey(spkac)), String(maker.exportChallenge(spkac)));
}

const ecdh = crypto.createECDH('prime256v1');
log(attempt(() => ecdh.getPublicKey()), attempt(() => ecdh.getPrivateKey()), attempt(() => ecdh.setPublicKey('bad', 'hex')));
ecdh.setPrivateKey('01'.repeat(32), 'hex');
const own = ecdh.getPublicKey('hex', 'compressed');
ecdh.setPublicKey(own.replace(/^0./, '02'), 'hex');
log(own, ecdh.getPublicKey('hex', 'uncompressed'), ecdh.getPublicKey('hex', 'compressed'));
ecdh.setPrivateKey('02'.repeat(32), 'hex');
log(ecdh.getPublicKey('hex'));
log(attempt(() => crypto.createECDH('none')), attempt(() => crypto.ECDH.convertKey(own, 'none', 'hex')), attempt(() => crypto.ECDH.convertKey(own.slice(2), 'prime256v1', 'hex')), attempt(() => crypto.ECDH.convertKey(own, 'prime256v1', 'hex', 'hex', 'other')));
for (const format of ['uncompressed', 'compressed', 'hybrid']) log(crypto.ECDH.convertKey(own, 'prime256v1', 'hex', 'hex', format));
callback(null, out);
