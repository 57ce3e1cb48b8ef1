// A server for others: its operator makes their password, chooses an account and manages its people, and nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { begin, OWN_PASSWORD, signIn } from './world.mjs';

let world;
before(async () => {
  world = await begin({ dev: false });
});
after(() => world.end());

test('the operator chooses an account and manages the people in it', async () => {
  const { account, loginName, password } = world.operator;
  const page = await world.visit();
  await signIn(page, loginName, password, account);
  await page.getByText('Choose your own to go on').waitFor();
  await page.getByRole('textbox', { name: 'Current password' }).fill(password);
  await page.getByRole('textbox', { name: /^New password( \*)?$/ }).fill(OWN_PASSWORD);
  await page.getByRole('textbox', { name: 'New password once more' }).fill(OWN_PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { name: 'Sign in to Lambkin' }).waitFor();
  await signIn(page, loginName, OWN_PASSWORD, account);
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();

  // Made as the command line makes it.
  const made = await page.evaluate(async (own) => {
    const { csrf } = JSON.parse(localStorage.getItem('lambkin.session'));
    const response = await fetch(`/api/account/${own}/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
      body: JSON.stringify({ id: '777', name: 'Customer', loginName: 'first' }),
    });
    return response.status;
  }, account);
  assert.equal(made, 201);
  await page.reload();
  await page.getByRole('row', { name: /777/ }).getByRole('button', { name: 'Manage' }).click();
  await page.getByText('You manage account 777').first().waitFor();
  const tabs = page.getByRole('navigation', { name: 'Main' });
  assert.equal(
    await tabs.getByRole('link', { name: 'Develop' }).count(),
    0,
    'functions are not the operator\u2019s',
  );
  await tabs.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Users' }).click();
  await page.getByRole('row', { name: /first/ }).waitFor();
  page.calm();
  await page.leave();
});
