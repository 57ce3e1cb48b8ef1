const nacl = require('tweetnacl');

const lambda = async () => {
  const bytes = (n, start = 0) => Uint8Array.from({ length: n }, (_, at) => (at + start) & 255);
  const hex = (array) => Buffer.from(array).toString('hex');
  const keys = nacl.sign.keyPair.fromSeed(bytes(32));
  const one = nacl.box.keyPair.fromSecretKey(bytes(32, 1));
  const two = nacl.box.keyPair.fromSecretKey(bytes(32, 2));
  const box = nacl.box(Buffer.from('message'), bytes(24), two.publicKey, one.secretKey);
  const signature = nacl.sign.detached(Buffer.from('text'), keys.secretKey);
  return [
    hex(nacl.hash(Buffer.from('x'))), hex(keys.publicKey), hex(signature), nacl.sign.detached.verify(Buffer.from('text'), signature, keys.publicKey), nacl.sign.detached.verify(Buffer.from('texT'), signature, keys.publicKey), hex(box), Buffer.from(nacl.box.open(box, bytes(24), one.publicKey, two.secretKey)).toString(),
    hex(nacl.secretbox(bytes(5), bytes(24), bytes(32))), nacl.secretbox.open(bytes(20), bytes(24), bytes(32)), hex(nacl.scalarMult.base(bytes(32))), nacl.verify(bytes(4), bytes(4)), nacl.randomBytes(8).length,
  ];
};
