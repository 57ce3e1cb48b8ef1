'use strict';
// npm openid-client against the authorisation server: PKCE, the id token's signature by the published keys, refresh,
// revocation. Prints one JSON object of what it saw.
const { logIn } = require('./log-in.cjs');

const { base, account, client, secret, redirectUri, username, password } = JSON.parse(process.env.LAMBKIN_CASE);

const at = `${base}/sentinel/api/account/${account}`;

const main = async () => {
  const openid = await import('openid-client');
  const seen = {};
  // The account is the issuer; the rest is found out.
  const app = await openid.discovery(new URL(at), client, secret);
  // The id token's signature is verified too, although it came over TLS.
  openid.enableNonRepudiationChecks(app);

  const codeVerifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const begin = async (verifier) =>
    openid.buildAuthorizationUrl(app, {
      redirect_uri: redirectUri,
      scope: 'faas.lambda.invoke',
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });

  const back = await logIn(await begin(codeVerifier), redirectUri, username, password);
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: state, idTokenExpected: true };
  const tokens = await openid.authorizationCodeGrant(app, back, checks);
  const claims = tokens.claims();
  seen.claims = { iss: claims.iss, aud: claims.aud, hasSubject: typeof claims.sub === 'string' && claims.sub !== '' };
  seen.expiresIn = tokens.expires_in;

  const refreshed = await openid.refreshTokenGrant(app, tokens.refresh_token);
  seen.rotated = refreshed.refresh_token !== tokens.refresh_token;
  const ask = async (token) => {
    const url = new URL(`${base}/api/account/${account}/events/conversational_command/isImplemented?v=1`);
    return openid.fetchProtectedResource(app, token, url, 'GET').then(
      ({ status }) => status,
      ({ status }) => status
    );
  };
  seen.opens = await ask(refreshed.access_token);
  await openid.tokenRevocation(app, refreshed.access_token);
  seen.revoked = await ask(refreshed.access_token);
  // A refresh token that was used before: somebody has a copy, so the whole family of tokens ends.
  const refused = ({ error, status }) => ({ error, status });
  seen.reused = await openid.refreshTokenGrant(app, tokens.refresh_token).then(() => 'taken', refused);
  seen.family = await openid.refreshTokenGrant(app, refreshed.refresh_token).then(() => 'taken', refused);

  // A stolen code without its verifier is worth nothing.
  const stolen = await logIn(await begin(openid.randomPKCECodeVerifier()), redirectUri, username, password);
  seen.wrongVerifier = await openid.authorizationCodeGrant(app, stolen, checks).then(() => 'taken', refused);
  process.stdout.write(JSON.stringify(seen));
};

main().catch((error) => {
  process.stderr.write(`${error.stack}\n${error.cause ?? ''}\n`);
  process.exitCode = 1;
});
