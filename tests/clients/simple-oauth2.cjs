'use strict';
// npm simple-oauth2 against the authorisation server. Prints one JSON object of what it saw.
const { AuthorizationCode, ClientCredentials } = require('simple-oauth2');
const { logIn } = require('./log-in.cjs');

const { base, account, client, secret, redirectUri, username, password } = JSON.parse(process.env.LAMBKIN_CASE);

const at = `/sentinel/api/account/${account}`;
const configuration = (auth, authorizationMethod) => ({
  client: { id: client, secret },
  auth: { tokenHost: base, ...auth },
  options: { authorizationMethod },
});

/** What a token opens: the status of a question that takes one. */
const opens = async (token) => {
  const url = `${base}/api/account/${account}/events/conversational_command/isImplemented?v=1`;
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
};

const keys = (token) => Object.keys(token).sort();

const main = async () => {
  const seen = {};
  for (const method of ['body', 'header']) {
    const app = new ClientCredentials(configuration({ tokenPath: `${at}/app/token?v=2.0` }, method));
    const { token } = await app.getToken({ scope: [] });
    seen[`app_${method}`] = { keys: keys(token), type: token.token_type, opens: await opens(token.access_token) };
  }

  const paths = { tokenPath: `${at}/token?v=2.0`, authorizePath: `${at}/authorize?v=1.0`, revokePath: `${at}/token/revoke` };
  const code = new AuthorizationCode(configuration(paths, 'body'));
  const state = 'a state of the app';
  const address = code.authorizeURL({ redirect_uri: redirectUri, scope: 'faas.lambda.invoke', state });
  const back = await logIn(address, redirectUri, username, password);
  seen.state = back.searchParams.get('state') === state;
  const grant = { code: back.searchParams.get('code'), redirect_uri: redirectUri };
  const first = await code.getToken(grant);
  seen.user = { keys: keys(first.token), type: first.token.token_type, opens: await opens(first.token.access_token) };
  seen.expired = first.expired();

  const second = await first.refresh();
  seen.refreshed = {
    rotated: second.token.refresh_token !== first.token.refresh_token,
    opens: await opens(second.token.access_token),
  };
  await second.revoke('access_token');
  seen.revoked = await opens(second.token.access_token);

  const refused = (error) => ({ status: error.output?.statusCode, error: error.data?.payload?.error });
  seen.codeAgain = await code.getToken(grant).then(() => 'taken', refused);
  process.stdout.write(JSON.stringify(seen));
};

main().catch((error) => {
  process.stderr.write(`${error.stack}\n${JSON.stringify(error.data?.payload ?? null)}\n`);
  process.exitCode = 1;
});
