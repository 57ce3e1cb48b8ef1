// Ed25519 and X25519: in WebCrypto, and signatures with keys of Ed25519 in `crypto`.
const node = require('crypto');
const hex = (data) => Buffer.from(data).toString('hex');
const unhex = (digits) => Buffer.from(digits, 'hex');
const told = (work) => attempt(work).then((outcome) => (outcome && outcome.name && outcome.message !== undefined ? outcome.name : outcome));
const show = (key) => ({ type: key.type, extractable: key.extractable, algorithm: key.algorithm, usages: key.usages });
const data = Buffer.from('some data');
// RFC 8032, 7.1, test 2; RFC 7748, 6.1.
const SIGNER = { seed: unhex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'), point: unhex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c') };
const ALICE = { seed: unhex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'), point: unhex('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a') };
const BOB = unhex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
const kind = (name) => (name === 'Ed25519' ? '70' : '6e');
const pkcs8 = (name, seed) => Buffer.concat([unhex('302e020100300506032b65' + kind(name) + '04220420'), seed]);
const spki = (name, point) => Buffer.concat([unhex('302a300506032b65' + kind(name) + '032100'), point]);
const pem = (label, der) => `-----BEGIN ${label} KEY-----\n${der.toString('base64')}\n-----END ${label} KEY-----\n`;
const url = (bytes) => bytes.toString('base64').replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

async function formats(name, { seed, point }, [own, other]) {
  const { subtle } = crypto;
  const privateKey = await subtle.importKey('pkcs8', pkcs8(name, seed), name, true, own);
  const publicKey = await subtle.importKey('raw', point, { name: name.toLowerCase() }, true, other);
  const jwk = await subtle.exportKey('jwk', privateKey);
  const publicJwk = await subtle.exportKey('jwk', publicKey);
  const read = [
    await subtle.importKey('spki', spki(name, point), name, false, other), await subtle.importKey('jwk', jwk, name, true, own),
    await subtle.importKey('jwk', publicJwk, name, true, other), await subtle.importKey('jwk', { kty: 'OKP', crv: name, x: url(point), use: name === 'Ed25519' ? 'sig' : 'enc' }, name, true, other),
  ];
  const refuse = (format, key, usages = other, algorithm = name) => told(() => subtle.importKey(format, key, algorithm, true, usages));
  return {
    keys: [show(privateKey), show(publicKey), ...read.map(show)],
    written: [jwk, publicJwk, hex(await subtle.exportKey('pkcs8', privateKey)), hex(await subtle.exportKey('spki', publicKey)), hex(await subtle.exportKey('raw', publicKey)), (await subtle.exportKey('raw', publicKey)) instanceof ArrayBuffer],
    refused: [
      await refuse('raw', point.slice(1)), await refuse('raw', Buffer.alloc(33)), await refuse('raw', seed, own), await refuse('pkcs8', pkcs8(name, seed), []), await refuse('pkcs8', pkcs8(name, seed), ['encrypt']),
      await refuse('pkcs8', pkcs8(name, seed.slice(1)), own), await refuse('spki', spki(name, point).slice(0, -1)), await refuse('spki', pkcs8(name, seed)), await refuse('spki', spki(name === 'Ed25519' ? 'X25519' : 'Ed25519', point)),
      await refuse('jwk', { ...publicJwk, crv: 'P-256' }), await refuse('jwk', { ...publicJwk, kty: 'EC' }), await refuse('jwk', { ...publicJwk, x: undefined }), await refuse('jwk', { ...jwk, x: url(Buffer.alloc(32, 3)) }, own),
      await refuse('jwk', { ...jwk, d: url(seed.slice(1)) }, own), await refuse('jwk', { ...publicJwk, use: 'other' }, name === 'Ed25519' ? other : own), await refuse('jwk', jwk, own, name === 'Ed25519' ? 'X25519' : 'Ed25519'),
      await refuse('jwk', { ...publicJwk, ext: false }), await refuse('jwk', { ...jwk, key_ops: [] }, own), await refuse('jwk', { ...jwk, key_ops: [...own, own[0]] }, own), await refuse('jwk', { ...jwk, key_ops: own[0] }, own),
      await refuse('jwk', jwk, ['foo']), await refuse('jwk', jwk, own[0]), await refuse('jwk', jwk, null), await refuse('pkcs8', Buffer.alloc(3), ['foo']), await refuse('raw', point, ['foo']),
      typeof (await told(() => subtle.exportKey('raw', privateKey))) === 'string',
      await told(async () => subtle.exportKey('jwk', await subtle.importKey('pkcs8', pkcs8(name, seed), name, false, own))).then((refused) => refused.startsWith('InvalidAccess')),
    ],
  };
}

async function work() {
  const { subtle } = crypto;
  const result = {};
  result.ed25519Keys = await formats('Ed25519', SIGNER, [['sign'], ['verify']]);
  result.x25519Keys = await formats('X25519', ALICE, [['deriveBits', 'deriveKey'], []]);
  result.named = await Promise.all(['EdDSA', 'Ed25519', 'ES256', undefined].map((alg) => told(async () => show(await subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x: url(SIGNER.point), alg }, 'Ed25519', true, ['verify'])))));

  const own = await subtle.importKey('pkcs8', pkcs8('Ed25519', SIGNER.seed), 'Ed25519', true, ['sign']);
  const other = await subtle.importKey('raw', SIGNER.point, 'Ed25519', true, ['verify']);
  const signature = await subtle.sign('Ed25519', own, Buffer.of(0x72));
  result.signature = [hex(signature), signature instanceof ArrayBuffer, await subtle.verify('Ed25519', other, signature, Buffer.of(0x72)), await subtle.verify({ name: 'ED25519' }, other, signature, data), await subtle.verify('Ed25519', other, Buffer.alloc(64), data), await subtle.verify('Ed25519', other, Buffer.alloc(3), data), await subtle.verify('Ed25519', other, Buffer.alloc(0), Buffer.alloc(0))];
  result.signatureRefused = [await told(() => subtle.sign('Ed25519', other, data)), await told(() => subtle.verify('Ed25519', own, signature, data)), await told(() => subtle.sign('Ed25519', own, 'text'))];
  // Not a point of the curve: it is taken as a key, and nothing is signed with it.
  const none = await subtle.importKey('raw', Buffer.alloc(32, 2), 'Ed25519', true, ['verify']);
  result.noPoint = [show(none), await subtle.verify('Ed25519', none, signature, Buffer.of(0x72))];

  const alice = await subtle.importKey('pkcs8', pkcs8('X25519', ALICE.seed), 'X25519', true, ['deriveBits', 'deriveKey']);
  const bob = await subtle.importKey('raw', BOB, 'X25519', true, []);
  const how = { name: 'X25519', public: bob };
  const derived = await subtle.deriveKey(how, alice, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  const between = await subtle.deriveKey(how, alice, 'HKDF', false, ['deriveBits']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: Buffer.alloc(0), info: Buffer.alloc(0) };
  result.agreed = [
    hex(await subtle.deriveBits(how, alice, null)), hex(await subtle.deriveBits(how, alice, 256)), hex(await subtle.deriveBits(how, alice, 128)), hex(await subtle.exportKey('raw', derived)), show(derived),
    show(between), hex(await subtle.deriveBits(hkdf, between, 256)), show(await subtle.deriveKey(how, alice, { name: 'HMAC', hash: 'SHA-256', length: 128 }, true, ['sign'])),
  ];
  const p256 = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const onlyKeys = await subtle.importKey('pkcs8', pkcs8('X25519', ALICE.seed), 'X25519', true, ['deriveKey']);
  const degenerate = await subtle.importKey('raw', Buffer.alloc(32), 'X25519', true, []);
  result.notAgreed = [
    await told(() => subtle.deriveBits(how, alice, 264)), await told(() => subtle.deriveBits({ name: 'X25519', public: alice }, alice, 256)), await told(() => subtle.deriveBits({ name: 'X25519', public: p256.publicKey }, alice, 256)),
    await told(() => subtle.deriveBits(how, onlyKeys, 256)), await told(() => subtle.deriveBits({ name: 'X25519', public: other }, alice, 256)), await told(() => subtle.deriveBits({ name: 'X25519', public: degenerate }, alice, 256)),
    await told(() => subtle.deriveBits({ name: 'X25519' }, alice, 256)), await told(() => subtle.deriveBits({ name: 'ECDH', public: bob }, alice, 256)), await told(() => subtle.deriveKey(how, alice, { name: 'AES-GCM', length: 100 }, true, ['encrypt'])),
    // What was agreed on is a secret and never a public key.
    await told(() => subtle.deriveKey(how, alice, 'Ed25519', true, ['verify'])), await told(() => subtle.deriveKey(how, alice, 'X25519', true, [])), await told(() => subtle.deriveKey(how, alice, { name: 'ECDH', namedCurve: 'P-256' }, true, [])), await told(() => subtle.deriveKey(how, alice, 'HKDF', false, ['foo'])),
  ];

  const pair = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const made = await subtle.sign('Ed25519', pair.privateKey, data);
  const later = await subtle.importKey('jwk', await subtle.exportKey('jwk', pair.publicKey), 'Ed25519', true, ['verify']);
  const second = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  result.ed25519Pair = [show(pair.privateKey), show(pair.publicKey), await subtle.verify('Ed25519', later, made, data), await subtle.verify('Ed25519', second.publicKey, made, data)];
  const [mine, theirs] = [await subtle.generateKey({ name: 'X25519' }, false, ['deriveBits']), await subtle.generateKey({ name: 'X25519' }, true, ['deriveBits', 'deriveKey'])];
  const bits = await subtle.deriveBits({ name: 'X25519', public: theirs.publicKey }, mine.privateKey, 256);
  result.x25519Pair = [show(mine.privateKey), show(mine.publicKey), show(theirs.privateKey), hex(bits) === hex(await subtle.deriveBits({ name: 'X25519', public: mine.publicKey }, theirs.privateKey, 256)), bits.byteLength];
  result.notMade = [];
  for (const [name, usages] of [['Ed25519', []], ['Ed25519', ['verify']], ['Ed25519', ['encrypt']], ['Ed25519', ['deriveBits']], ['X25519', []], ['X25519', ['sign']], ['Ed25519', ['foo', 'sign']], ['PBKDF2', ['deriveBits']], ['HKDF', ['deriveKey']]]) {
    result.notMade.push(await told(() => subtle.generateKey(name, true, usages)));
  }
  const wrapper = await subtle.importKey('raw', Buffer.alloc(16), 'AES-GCM', false, ['wrapKey', 'unwrapKey']);
  const gcm = { name: 'AES-GCM', iv: Buffer.alloc(12) };
  result.wrapped = [];
  for (const format of ['pkcs8', 'jwk']) {
    const sealed = await subtle.wrapKey(format, own, wrapper, gcm);
    const opened = await subtle.unwrapKey(format, sealed, wrapper, gcm, 'Ed25519', true, ['sign']);
    result.wrapped.push(show(opened), hex(await subtle.sign('Ed25519', opened, Buffer.of(0x72))));
  }

  const privatePem = pem('PRIVATE', pkcs8('Ed25519', SIGNER.seed));
  const publicPem = pem('PUBLIC', spki('Ed25519', SIGNER.point));
  const signed = node.sign(null, Buffer.of(0x72), privatePem);
  const asCallback = (f) => new Promise((resolve) => f((error, value) => resolve([error, value])));
  result.inNode = [
    hex(signed), Buffer.isBuffer(signed), node.verify(null, Buffer.of(0x72), publicPem, signed), node.verify(undefined, new Uint8Array([0x72]), privatePem, signed), node.verify(null, data, publicPem, signed), node.verify(null, data, publicPem, Buffer.alloc(1)),
    hex(node.sign(undefined, Buffer.of(0x72), { key: pkcs8('Ed25519', SIGNER.seed), format: 'der', type: 'pkcs8' })), (await asCallback((callback) => node.sign(null, Buffer.of(0x72), privatePem, callback))).map((value) => value && hex(value)),
    await asCallback((callback) => node.verify(null, Buffer.of(0x72), publicPem, signed, callback)),
    hex(node.sign(null, 'r', privatePem)), node.verify(null, 'r', publicPem, signed), hex(node.sign(null, Uint8Array.of(0x72).buffer, privatePem)), hex(node.sign(null, new DataView(Uint8Array.of(0x72).buffer), privatePem)), hex(node.sign(null, 'r', { key: new DataView(new Uint8Array(pkcs8('Ed25519', SIGNER.seed)).buffer), format: 'der', type: 'pkcs8' })),
    ...(await Promise.all([5, null, undefined, {}].map((data) => attempt(() => node.sign(null, data, privatePem))))).map((error) => error.code),
  ];
  const rsa = await subtle.generateKey({ name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) }, true, ['sign', 'verify']);
  const rsaPem = [pem('PRIVATE', Buffer.from(await subtle.exportKey('pkcs8', rsa.privateKey))), pem('PUBLIC', Buffer.from(await subtle.exportKey('spki', rsa.publicKey)))];
  result.sizes = [];
  for (const modulusLength of ['1024', -1, 2 ** 32, NaN, 'x']) {
    result.sizes.push(await told(async () => show((await subtle.generateKey({ name: 'RSA-PSS', hash: 'SHA-256', modulusLength, publicExponent: Uint8Array.of(1, 0, 1) }, true, ['sign'])).privateKey)));
  }
  const pss = { padding: node.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  result.usualHash = [node.verify('sha256', data, rsaPem[1], node.sign(null, data, rsaPem[0])), node.verify(null, data, rsaPem[1], node.sign('sha256', data, rsaPem[0])), node.verify(null, data, { key: rsaPem[1], ...pss }, node.sign('sha256', data, { key: rsaPem[0], ...pss }))];
  result.inNodeRefused = [(await attempt(() => node.sign(null, data))).code, await told(() => node.sign(null, data, publicPem)), await told(() => node.sign('sha256', data, privatePem)), await told(() => node.sign(null, data, pem('PRIVATE', pkcs8('X25519', ALICE.seed)))), await told(() => node.sign(null, data, 'nonsense'))];
  return result;
}
function lambda(input, callback) {
  work().then((result) => callback(null, JSON.parse(JSON.stringify(result))), callback);
}
