const { generateKeyPairSync } = require('crypto');
const { GoogleAuth, JWT, OAuth2Client } = require('google-auth-library');

const lambda = async () => {
  const oauth = new OAuth2Client('id', 'secret', 'http://back/');
  const url = new URL(oauth.generateAuthUrl({ access_type: 'offline', scope: ['a', 'b'], state: 'ü' }));
  oauth.setCredentials({ access_token: 'at', expiry_date: Date.now() + 1e7, refresh_token: 'r' });
  const jwt = new JWT({ email: 'me@x.de', key: 'k', scopes: ['s'], subject: 'you' });
  return [
    url.host, [...url.searchParams].sort(), await oauth.getRequestHeaders(), (await oauth.getAccessToken()).token, await oauth.verifySignedJwtWithCertsAsync('a.b', {}, 'id').catch((error) => error.message.slice(0, 30)), jwt.createScoped(['t']).scopes, new GoogleAuth({ scopes: 'x' }).fromJSON({ client_email: 'a@b', private_key: 'k' }).email,
    (() => { try { return new GoogleAuth().fromJSON({}); } catch (error) { return error.message; } })(),
  ];
};
