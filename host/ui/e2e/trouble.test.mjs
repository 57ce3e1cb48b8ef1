// What goes wrong in real life: sessions that end, servers that restart, networks that fail, texts that are scripts,
// results that are huge.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { begin, OWN_PASSWORD, signIn, type, until } from './world.mjs';

const PROBE = `"'><img src=x onerror="window.pwned = 1"><script>window.pwned = 1</script>{{7*7}}\${7*7}`;
const LOST = /ERR_|401|Failed to load resource/;

let world;
before(async () => {
  world = await begin();
  await world.owner();
});
after(() => world.end());

/** Waits for what the editor loads beside itself. */
const helped = (page) => until(async () => page.workers().length >= 2);

test('a session that ends while somebody writes loses nothing', async () => {
  const uuid = await world.lambda('kept', 'function lambda(input, callback) { callback(null, 1); }');
  const page = await world.visit({ expected: [LOST] });
  await signIn(page, 'developer');
  await page.goto(`/develop/${uuid}`);
  await page.getByText('No problems found').waitFor();
  await type(page, 'function lambda(input, callback) { callback(null, "unsaved"); }');
  await page.getByText('Not saved').waitFor();
  await page.context().clearCookies();
  await page.keyboard.press('End');
  await page.keyboard.type(' // more');
  // The check while typing notices it.
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByRole('textbox', { name: 'Password' }).fill('lambkin');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  const [saved] = await world.call('developer', 'GET', `lambdas/${uuid}`);
  assert.match(saved.implementation.code, /unsaved.*more/);
  page.calm();
  await page.leave();
});

test('a server that restarts is waited for, and the session goes on', async () => {
  const uuid = await world.lambda(
    'lasting',
    'function lambda(input, callback) { callback(null, "still here"); }',
  );
  const page = await world.visit({ expected: [LOST] });
  await signIn(page, 'developer');
  await page.goto(`/invoke/${uuid}`);
  const run = page.getByRole('button', { name: 'Invoke', exact: true });
  const output = page.getByRole('region', { name: 'Output' });
  await run.click();
  await output.getByText('still here').waitFor();
  await helped(page);
  await world.kill();
  await run.click();
  await output.getByText('The server cannot be reached.').waitFor();
  await output.getByText('Look at your connection').waitFor();
  await world.restart();
  await output.getByRole('button', { name: 'Try again' }).click();
  await output.getByText('still here').waitFor();
  page.calm();
  await page.leave();
});

test('without a network nothing is lost and everything says what to do', async () => {
  const uuid = await world.lambda('offline', 'function lambda(input, callback) { callback(null, 1); }');
  const page = await world.visit({ expected: [LOST] });
  await signIn(page, 'developer');
  await page.goto(`/develop/${uuid}`);
  await page.getByText('No problems found').waitFor();
  await helped(page);
  await page.context().setOffline(true);
  await type(page, 'function lambda(input, callback) { callback(null, "later"); }');
  await page.getByText('The check cannot be reached').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('Nothing was lost on this page').waitFor();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  page.calm();
  await page.leave();
});

test('what looks like a script is text wherever it is shown', async () => {
  const code = `function lambda(input, callback) {
  console.info(${JSON.stringify(PROBE)}, { [${JSON.stringify(PROBE)}]: ${JSON.stringify(PROBE)} });
  if (input.payload.fail) callback(new Error(${JSON.stringify(PROBE)}));
  else callback(null, input.payload.text ? ${JSON.stringify(PROBE)} : { [${JSON.stringify(PROBE)}]: ${JSON.stringify(PROBE)} });
}`;
  const samplePayload = { headers: [], payload: { [PROBE]: PROBE } };
  const uuid = await world.lambda('probed', code, { samplePayload });
  const [found] = await world.call('developer', 'GET', `lambdas/${uuid}`);
  const environmentVariables = [{ key: 'PROBE', value: PROBE }];
  await world.call('developer', 'PUT', `lambdas/${uuid}`, {
    ...found,
    description: PROBE.slice(0, 100),
    implementation: { ...found.implementation, environmentVariables, code: `// ${PROBE}\n${code}` },
  });
  await world.call('developer', 'POST', `lambdas/${uuid}/invoke?v=1&externalSystem=test`, { payload: {} });
  await world.call('admin', 'POST', 'app-installations', {
    client_name: PROBE.slice(0, 90),
    grant_types: ['client_credentials'],
  });
  await until(async () => (await world.call('developer', 'GET', `logs?lambdaUUID=${uuid}`)).length > 0);
  // A 404 for the image would show that the probe became an element.
  const page = await world.visit({ expected: [/status of 901/] });
  const requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await signIn(page, 'owner', OWN_PASSWORD);
  const shown = page.getByText('<img src=x onerror').first();
  for (const path of [
    '/develop',
    `/develop/${uuid}`,
    `/deploy/${uuid}/review`,
    `/monitoring/logs?lambda=${uuid}`,
    '/settings/apps',
  ]) {
    await page.goto(path);
    await shown.waitFor();
  }
  await page.goto('/monitoring/activities');
  await page.getByRole('button', { name: 'Show the change of the code' }).first().click();
  await shown.waitFor();
  await page.goto(`/invoke/${uuid}`);
  for (const payload of [{}, { text: true }, { fail: true }]) {
    await type(page, JSON.stringify({ headers: [], payload }));
    await page.getByRole('button', { name: 'Invoke', exact: true }).click();
    await page.getByRole('region', { name: 'Output' }).getByText('onerror=').first().waitFor();
    await page
      .getByRole('button', { name: /Show extras/ })
      .first()
      .click();
    await page.getByRole('region', { name: 'Logs' }).getByText('onerror=').nth(1).waitFor();
  }
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.ok(!requests.some((path) => path.endsWith('/x')), 'a probe became an image');
  page.calm();
  await page.leave();
});

test('a host that is not whitelisted is named, and whitelisted by those who may', async () => {
  const code = 'async function lambda() { return (await fetch("https://www.blocked.example/x")).status; }';
  const uuid = await world.lambda('calling', code);
  for (const [user, password, mayAdd] of [
    ['developer', 'lambkin', false],
    ['owner', OWN_PASSWORD, true],
  ]) {
    const page = await world.visit();
    await signIn(page, user, password);
    await page.goto(`/invoke/${uuid}`);
    await page.getByRole('button', { name: 'Invoke', exact: true }).click();
    await page.getByRole('alert').getByText('www.blocked.example', { exact: true }).waitFor();
    const add = page.getByRole('button', { name: 'Whitelist www.blocked.example' });
    if (mayAdd) {
      await add.click();
      await page.getByText('www.blocked.example can be called now').waitFor();
    } else {
      assert.equal(await add.count(), 0);
      await page.getByText('Ask an administrator').waitFor();
    }
    page.calm();
    await page.leave();
  }
  const domains = (await world.call('admin', 'GET', 'proxy-settings')).map(({ domain }) => domain);
  assert.deepEqual(domains, ['www.blocked.example']);
});

test('the guide can be read by everybody', async () => {
  const page = await world.visit();
  await page.goto('/docs');
  await page.getByRole('heading', { name: 'Error codes' }).waitFor();
  const codes = page.locator('#errors');
  await codes.getByText('com.liveperson.faas.handler.custom-failure').waitFor();
  const search = page.getByRole('textbox', { name: 'Search by code or word' });
  await search.fill('certificate expired');
  await codes.getByText('CERT_HAS_EXPIRED').waitFor();
  assert.equal(await codes.getByText('custom-failure').count(), 0);
  await search.fill('nothing like that');
  await codes.getByText('No code matches').waitFor();
  const node = page.locator('#compatibility');
  const wanted = page.getByRole('textbox', { name: /Search by module or name/ });
  await wanted.fill('child_process.spawnsync');
  await node.getByText('throws when called', { exact: true }).waitFor();
  await node.getByText('Its functions throw: there are no other processes.').waitFor();
  await wanted.fill('crypto.createhash');
  await node.getByText('createHash', { exact: true }).waitFor();
  assert.equal(await node.getByText('throws when called', { exact: true }).count(), 0);
  assert.equal(
    await page.getByText('Limits in force here').count(),
    0,
    'limits are for those of the account',
  );
  page.calm();
  await page.leave();
});

test('a result of megabytes is shown without drawing all of it', async () => {
  const code = `function lambda(input, callback) {
  callback(null, Array.from({ length: 20000 }, (_, n) => ({ n, text: 'x'.repeat(80) })));
}`;
  const uuid = await world.lambda('huge', code);
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.goto(`/invoke/${uuid}`);
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  const output = page.getByRole('region', { name: 'Output' }).first();
  await output.getByText(/The result has [\d.]+ MB/).waitFor();
  const drawn = () => page.evaluate(() => document.querySelectorAll('.tree li').length);
  assert.ok((await drawn()) <= 101, `${await drawn()} entries are drawn`);
  await output.getByRole('button', { name: /Show 100 more/ }).click();
  await until(async () => (await drawn()) > 101);
  await output.getByText('Raw', { exact: true }).click();
  await output.getByText(/The first .* are shown/).waitFor();
  page.calm();
  await page.leave();
});

test('whoever is no operator has no page for accounts', async () => {
  const page = await world.visit();
  await signIn(page, 'owner', OWN_PASSWORD);
  await page.goto('/accounts');
  // Not theirs: they are led to their first page.
  await until(() => new URL(page.url()).pathname === '/develop');
  page.calm();
  await page.leave();
});
