// The page on which a user lets an app in: an app of somebody else sends a browser there, the user signs in and agrees
// or refuses, the browser goes back to the app with a code, and the code becomes a token that calls a function.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ACCOUNT, begin, complaints, elsewhere, OWN_PASSWORD, picture, signIn, until } from './world.mjs';

const PROBE = `"'><img src=x onerror="window.pwned = 1"><script>window.pwned = 1</script>`;

let world;
let app;
/** The addresses at which the app saw the browser again. */
const seen = [];
before(async () => {
  world = await begin();
  await world.owner();
  app = await elsewhere((request, response) => {
    if (request.url.startsWith('/callback')) seen.push(new URL(request.url, 'http://app').searchParams);
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>App</title><link rel="icon" href="data:,"><p>Back in the app');
  });
});
after(async () => {
  await app.end();
  await world.end();
});

const redirect = () => `http://127.0.0.1:${app.port}/callback`;

/** Installs an app on its page, as an administrator does, and gives what is shown once. */
async function install(name) {
  const page = await world.visit();
  await signIn(page, 'admin');
  await page.goto('/settings/apps');
  await page.getByRole('button', { name: 'Install app' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('radio', { name: /By users who sign in/ }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Users must be sent back somewhere').waitFor();
  await dialog.getByRole('textbox', { name: 'Redirect URIs' }).fill(redirect());
  await dialog.getByRole('button', { name: 'Save' }).click();
  const shown = page.getByRole('dialog', { name: `${name} is installed` });
  await shown.waitFor();
  const [id, secret] = await shown.locator('code').allTextContents();
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  page.calm();
  await page.leave();
  return { id, secret };
}

/** Where an app sends the browser. */
function authorize(id, state, more = {}) {
  const query = new URLSearchParams({
    v: '1.0',
    response_type: 'code',
    client_id: id,
    redirect_uri: redirect(),
    state,
    ...more,
  });
  return `/sentinel/api/account/${ACCOUNT}/authorize?${query}`;
}

async function enter(page, user, password) {
  await page.getByRole('textbox', { name: 'User name' }).fill(user);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
}

const back = async (page) => {
  await page.getByText('Back in the app').waitFor();
  return seen.at(-1);
};

test('a user signs in, agrees, and the app calls a function in their name', async () => {
  const uuid = await world.lambda('agreed', 'function lambda(input, callback) { callback(null, "yes"); }');
  const { id, secret } = await install('Portal');
  const page = await world.visit({ expected: [/401/] });
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  await page.goto(
    authorize(id, 'a state & more', { code_challenge: challenge, code_challenge_method: 'S256' }),
  );
  await page.getByRole('heading', { name: 'Log in to let Portal in' }).waitFor();
  await page.getByText(`in account ${ACCOUNT}`).waitFor();
  await page.getByText(`You will be sent on to http://127.0.0.1:${app.port}`).waitFor();
  // By keyboard alone, the first field being where one begins.
  await page.keyboard.type('developer');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'User name' }).inputValue(), 'developer');
  assert.equal(await page.getByRole('textbox', { name: 'Password' }).inputValue(), '');
  await page.getByRole('textbox', { name: 'Password' }).focus();
  await page.keyboard.type('lambkin');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const told = await back(page);
  assert.equal(told.get('state'), 'a state & more');
  assert.equal(told.get('error'), null);
  page.calm();
  await page.leave();

  const token = (fields) =>
    fetch(`${world.base}/sentinel/api/account/${ACCOUNT}/token?v=2.0`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: id, client_secret: secret, ...fields }),
    });
  const code = {
    grant_type: 'authorization_code',
    code: told.get('code'),
    redirect_uri: redirect(),
    code_verifier: verifier,
  };
  const granted = await token(code);
  assert.equal(granted.status, 200);
  const { access_token, refresh_token } = await granted.json();
  const call = (bearer) =>
    fetch(`${world.base}/api/account/${ACCOUNT}/lambdas/${uuid}/invoke?v=1&externalSystem=portal`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: '{"timestamp":0,"headers":[],"payload":{}}',
    });
  assert.equal(await (await call(access_token)).json(), 'yes');
  const renewed = await (await token({ grant_type: 'refresh_token', refresh_token })).json();
  assert.equal(await (await call(renewed.access_token)).json(), 'yes');
  assert.equal((await token(code)).status, 400, 'a code counts once');
});

test('a user refuses, and the app is told so', async () => {
  const { id } = await install('Curious');
  const page = await world.visit();
  await page.goto(authorize(id, 'kept'));
  await page.getByRole('button', { name: 'Deny' }).click();
  const told = await back(page);
  assert.equal(told.get('error'), 'access_denied');
  assert.equal(told.get('state'), 'kept');
  assert.equal(told.get('code'), null);
  page.calm();
  await page.leave();
});

test('an app that is not installed gets no form, and its address gets no visitor', async () => {
  const before = seen.length;
  const page = await world.visit({ expected: [/40[01]/] });
  await page.goto(authorize('00000000-0000-4000-8000-000000000000', 'x'));
  await page.getByRole('heading', { name: 'This did not work' }).waitFor();
  await page.getByText('Go back to the app and start again').waitFor();
  const { id } = await install('Strict');
  await page.goto(authorize(id, 'x', { redirect_uri: `${redirect()}/other` }));
  await page.getByRole('heading', { name: 'This did not work' }).waitFor();
  assert.equal(await page.getByRole('textbox').count(), 0);
  assert.equal(seen.length, before);
  page.calm();
  await page.leave();
});

test('whoever was given a password chooses their own before they let an app in', async () => {
  const { id } = await install('Eager');
  const made = await world.call('owner', 'POST', 'users', {
    loginName: 'newcomer',
    permissions: ['FaaS-Invocation'],
  });
  const page = await world.visit({ expected: [/403/] });
  await page.goto(authorize(id, 'x'));
  await enter(page, 'newcomer', made.oneTimePassword);
  await page.getByRole('button', { name: 'Log in and allow' }).click();
  await page
    .getByRole('alert')
    .getByText(/password/i)
    .waitFor();
  page.calm();
  await page.leave();
});

test('the page reads well in both themes and at both widths, whatever the app is called', async () => {
  const { id } = await install(PROBE);
  const plain = await install('A portal of quite some length for customers');
  const found = [];
  for (const width of [1280, 390]) {
    for (const theme of ['light', 'dark']) {
      const page = await world.visit({ width, theme, expected: [/40[01]/] });
      const requests = [];
      page.on('request', (request) => requests.push(new URL(request.url()).pathname));
      const look = async (name) => {
        for (const complaint of await complaints(page)) found.push(`${name} ${width} ${theme}: ${complaint}`);
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (excess > 0) found.push(`${name}: ${excess} px wider than the screen`);
        await picture(page, `${name}-${width}-${theme}`);
      };
      await page.goto(authorize(plain.id, 'x'));
      await page.getByRole('button', { name: 'Log in and allow' }).waitFor();
      await look('consent');
      await enter(page, PROBE, 'wrong');
      await page.getByRole('button', { name: 'Log in and allow' }).click();
      await page.getByRole('alert').waitFor();
      assert.equal(await page.getByRole('textbox', { name: 'User name' }).inputValue(), PROBE);
      await look('consent-refused');
      await page.goto(authorize(id, PROBE));
      await page.getByRole('heading', { name: /<img src=x onerror/ }).waitFor();
      await look('consent-probe');
      await page.goto(authorize('nobody', 'x'));
      await page.getByRole('heading', { name: 'This did not work' }).waitFor();
      await look('consent-apology');
      assert.equal(await page.evaluate(() => window.pwned), undefined);
      assert.ok(!requests.some((path) => path.endsWith('/x')), 'a probe became an image');
      page.calm();
      await page.leave();
    }
  }
  await world.forgiven('owner');
  assert.deepEqual(found, []);
});

test('an app that is removed is let in no more', async () => {
  const { id, secret } = await install('Short-lived');
  const page = await world.visit({ expected: [/40[01]/] });
  await page.goto(authorize(id, 'x'));
  await enter(page, 'owner', OWN_PASSWORD);
  await page.getByRole('button', { name: 'Log in and allow' }).click();
  const told = await back(page);
  const granted = await fetch(`${world.base}/sentinel/api/account/${ACCOUNT}/token?v=1.0`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: id,
      client_secret: secret,
      grant_type: 'authorization_code',
      code: told.get('code'),
      redirect_uri: redirect(),
    }),
  });
  const { access_token } = await granted.json();
  const read = () =>
    fetch(`${world.base}/api/account/${ACCOUNT}/events/no_such_event/isImplemented`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
  assert.equal((await read()).status, 200);
  const admin = await world.visit();
  await signIn(admin, 'admin');
  await admin.goto('/settings/apps');
  await admin.getByRole('button', { name: 'Actions for Short-lived' }).click();
  await admin.getByRole('menuitem', { name: 'Remove' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await admin.getByRole('row', { name: /Short-lived/ }).waitFor({ state: 'detached' });
  await until(async () => (await read()).status === 401);
  await page.goto(authorize(id, 'x'));
  await page.getByRole('heading', { name: 'This did not work' }).waitFor();
  page.calm();
  admin.calm();
  await page.leave();
  await admin.leave();
});
