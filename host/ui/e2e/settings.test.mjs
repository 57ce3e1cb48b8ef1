// Settings as each role finds them: secrets, people, apps, schedules, limits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ACCOUNT, begin, OWN_PASSWORD, signIn, until } from './world.mjs';

let world;
before(async () => {
  world = await begin();
  await world.owner();
});
after(() => world.end());

const box = (within, name) => within.getByRole('textbox', { name });

test('a secret is kept, seen by those who may, changed, bound to a host and deleted', async () => {
  const page = await world.visit({ expected: [/status of 400/] });
  await signIn(page, 'admin');
  await page.goto('/settings/secrets');
  await page.getByRole('button', { name: 'Add secret' }).click();
  const dialog = page.getByRole('dialog');
  await box(dialog, 'Name').fill('bad name');
  await dialog.getByText('Only letters, digits, underscores and hyphens').waitFor();
  await box(dialog, 'Name').fill('api-key');
  await box(dialog, 'Value').fill('hush');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = page.getByRole('row', { name: /api-key/ });
  await row.waitFor();
  assert.equal(await page.getByText('hush').count(), 0, 'the list shows no value');
  await row.getByRole('button', { name: 'Show api-key in plain' }).click();
  await page.getByRole('dialog').getByText('hush').waitFor();
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: 'Change api-key' }).click();
  await box(page.getByRole('dialog'), 'Value').fill('{"user": 1}');
  await page.getByRole('checkbox', { name: 'The value is JSON or a number' }).check();
  await page.getByRole('button', { name: 'Change value' }).click();
  await row.getByText('2', { exact: true }).waitFor();

  // Bound to a host: what is given is judged, and the list tells where it goes.
  await row.getByRole('button', { name: 'Change api-key' }).click();
  await box(dialog, 'Value').fill('hush');
  await dialog.getByRole('switch', { name: 'The server adds it to requests' }).click();
  await box(dialog, 'Host').fill('*.example.com');
  await dialog.getByText('One host, without a star').waitFor();
  await box(dialog, 'Host').fill('api.example.com');
  await box(dialog, 'Header').fill('host');
  await dialog.getByRole('button', { name: 'Change value' }).click();
  await dialog.getByText('which the server sets itself').waitFor();
  await box(dialog, 'Header').fill('X-Api-Key');
  await dialog.getByRole('button', { name: 'Change value' }).click();
  await row.getByText('x-api-key of requests to api.example.com').waitFor();

  const developer = await world.visit();
  await signIn(developer, 'developer');
  await developer.goto('/settings/secrets');
  await developer.getByRole('row', { name: /api-key/ }).waitFor();
  assert.equal(
    await developer.getByRole('button', { name: /in plain|Add secret|Change api-key/ }).count(),
    0,
  );
  await developer.leave();

  await row.getByRole('button', { name: 'Delete api-key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('There are no secrets yet').waitFor();
  page.calm();
  await page.leave();
});

test('a new user signs in with a password for one use and must choose their own', async () => {
  const page = await world.visit({ expected: [/401/] });
  await signIn(page, 'owner', OWN_PASSWORD);
  await page.goto('/settings/profiles');
  await page.getByRole('button', { name: 'Add profile' }).click();
  await box(page.getByRole('dialog'), 'Name').fill('Authors');
  await page.getByRole('checkbox', { name: 'FaaS-Developer' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: /Authors/ }).waitFor();
  await page.goto('/settings/users');
  await page.getByRole('button', { name: 'Add user' }).click();
  const dialog = page.getByRole('dialog');
  await box(dialog, 'Login name').fill('ada');
  await dialog.getByRole('combobox', { name: 'Profiles' }).press('ArrowDown');
  await page.getByRole('option', { name: 'Authors' }).click();
  await dialog.getByRole('combobox', { name: 'Profiles' }).press('Tab');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const shown = page.getByRole('dialog', { name: 'Password for ada' });
  const once = await shown.locator('code').textContent();
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('row', { name: /ada/ }).getByText('Has not signed in yet').waitFor();
  page.calm();
  await page.leave();

  const ada = await world.visit();
  await signIn(ada, 'ada', once);
  await ada.getByText('Choose your own to go on').waitFor();
  await ada.goto('/develop');
  await until(() => new URL(ada.url()).pathname === '/password');
  await box(ada, 'Current password').fill(once);
  await ada
    .getByLabel('New password', { exact: true })
    .or(box(ada, /^New password( \*)?$/))
    .first()
    .fill(OWN_PASSWORD);
  await box(ada, 'New password once more').fill(OWN_PASSWORD);
  await ada.getByRole('button', { name: 'Change password' }).click();
  await ada.getByRole('heading', { name: 'Sign in to Lambkin' }).waitFor();
  await signIn(ada, 'ada', OWN_PASSWORD);
  await ada.getByText('There are no functions yet').waitFor();
  ada.calm();
  await ada.leave();
});

test('an app is installed, its secret is shown once and calls a function', async () => {
  const uuid = await world.lambda('called', 'function lambda(input, callback) { callback(null, 7); }');
  const page = await world.visit();
  await signIn(page, 'admin');
  await page.goto('/settings/apps');
  await page.getByRole('button', { name: 'Install app' }).click();
  await box(page.getByRole('dialog'), 'Name').fill('Caller');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const shown = page.getByRole('dialog', { name: 'Caller is installed' });
  await shown.waitFor();
  const [id, secret] = await shown.locator('code').allTextContents();
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('row', { name: /Caller/ }).waitFor();
  assert.equal(await page.getByText(secret).count(), 0, 'it is not shown again');
  const body = new URLSearchParams({
    client_id: id,
    client_secret: secret,
    grant_type: 'client_credentials',
  });
  const granted = await fetch(`${world.base}/sentinel/api/account/${ACCOUNT}/app/token?v=1.0`, {
    method: 'POST',
    body,
  });
  const { access_token } = await granted.json();
  const answer = await fetch(`${world.base}/api/account/${ACCOUNT}/lambdas/${uuid}/invoke?v=1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(await answer.text(), '7');
  await page.getByRole('button', { name: 'Actions for Caller' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('row', { name: /Caller/ }).waitFor({ state: 'detached' });
  page.calm();
  await page.leave();
});

test('a schedule shows its next runs while it is typed', async () => {
  await world.lambda('nightly', 'function lambda(input, callback) { callback(null, 1); }');
  const page = await world.visit({ expected: [/400/] });
  await signIn(page, 'developer');
  await page.goto('/settings/schedules');
  await page.getByRole('button', { name: 'Add schedule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Function' }).fill('nightly');
  await page.getByRole('option', { name: 'nightly' }).click();
  await box(dialog, 'Cron expression').fill('0 3 * * 9');
  await dialog.getByText(/cannot be used/).waitFor();
  await box(dialog, 'Cron expression').fill('30 3 * * 1');
  await dialog
    .getByText(/Monday .* at 03:30 UTC|Monday.*03:30 UTC/)
    .first()
    .waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  const row = page.getByRole('row', { name: /nightly/ });
  await row.getByText('30 3 * * 1').waitFor();
  await row.getByText(/in \d+ (day|hour)|tomorrow/).waitFor();
  await row.getByRole('switch').click();
  await row.getByText(/^Paused/).waitFor();
  page.calm();
  await page.leave();
});

test('limits are shown with what is used of them', async () => {
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.goto('/settings/limits');
  const row = page.getByRole('row', { name: /^functions / });
  await row.getByRole('progressbar').waitFor();
  await page.getByText('Invocations this month').waitFor();
  page.calm();
  await page.leave();
});
