const jwt = require('jsonwebtoken');
const { createPrivateKey } = require('crypto');

const KEY = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIKQ1MIBcPjDPLlqcSc6Q8OUyj2ahPRyCCDSFkQpPsIlzoAoGCCqGSM49
AwEHoUQDQgAE7RRgrQ6eYd2ZTG0uI2c1rqYJVIdd4KsFxl8qCoG2qrqTO0wv3cMK
-----END EC PRIVATE KEY-----`;

const lambda = async () => {
  const token = jwt.sign({ sub: 'ü', role: ['a'], iat: 1600000000 }, 'secret', { expiresIn: '1h', audience: 'x', issuer: 'me', jwtid: '7', keyid: 'k' });
  const attempt = (options, secret = 'secret') => {
    try {
      return jwt.verify(token, secret, { clockTimestamp: 1600000100, ...options });
    } catch (error) {
      return [error.name, error.message, error.expiredAt, error.inner];
    }
  };
  return [
    token, jwt.decode(token, { complete: true }), attempt({}), attempt({ clockTimestamp: 1600009999 }), attempt({}, 'wrong'), attempt({ audience: 'y' }), attempt({ issuer: 'me', subject: 'ü', jwtid: '7', maxAge: '30s' }), jwt.sign('plain', Buffer.from('k'), { algorithm: 'HS512' }), jwt.decode('nonsense'),
    attempt({ algorithms: ['RS256'] }), (() => { try { return jwt.sign({}, KEY, { algorithm: 'ES256' }).length > 0; } catch (error) { return 'no key'; } })(), await new Promise((resolve) => jwt.verify('a.b.c', 's', (error) => resolve(error.message))),
  ];
};
