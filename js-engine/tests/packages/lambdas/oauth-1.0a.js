const { createHmac } = require('crypto');
const OAuth = require('oauth-1.0a');

const lambda = async () => {
  const oauth = OAuth({ consumer: { key: 'xvz1evFS4wEEPTGEFPHBog', secret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw' }, signature_method: 'HMAC-SHA1', hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64') });
  oauth.getTimeStamp = () => 1318622958;
  oauth.getNonce = () => 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg';
  const request = { url: 'https://api.twitter.com/1/statuses/update.json?include_entities=true', method: 'POST', data: { status: 'Hello Ladies + Gentlemen, a signed OAuth request!' } };
  const token = { key: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb', secret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE' };
  const signed = oauth.authorize(request, token);
  return [signed, oauth.toHeader(signed), oauth.getBaseString(request, { oauth_nonce: 'n', a: ['2', '1'] }), oauth.percentEncode("a b!*'()ü"), oauth.getSigningKey('s'), new Set(Array.from({ length: 9 }, () => OAuth({ consumer: { key: 'k', secret: 's' } }).getNonce().length)).size];
};
