// The guide's story as a developer lives it: from nothing to a deployed and tested function, following the screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { begin, picture, signIn, type, until } from './world.mjs';

let world;
before(async () => {
  world = await begin();
});
after(() => world.end());

test('an author goes from nothing to a deployed and tested function', async () => {
  const page = await world.visit();
  await signIn(page, 'developer');

  // Nothing there yet: the page says how to start.
  await page.getByText('There are no functions yet').waitFor();
  await picture(page, 'story-1-empty');
  await page.getByRole('link', { name: 'Create a Function' }).click();

  // A template, with its preview.
  const preview = page.getByRole('region', { name: 'Preview of the template' });
  await page.getByRole('radio', { name: 'Greeting' }).check();
  await preview.getByText('callback(null, { message').waitFor();
  await page.getByRole('radio', { name: 'Logging' }).check();
  await preview.getByText('console.debug').first().waitFor();
  await picture(page, 'story-2-template');
  await page.getByRole('button', { name: 'Next' }).click();

  // The whitelist is optional, and for administrators.
  await page.getByText('Nothing to do here').waitFor();
  await page.getByRole('switch', { name: 'My function calls an external system' }).click();
  await page.getByText('The whitelist is managed by administrators').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();

  // Name and description, judged while typing.
  const name = page.getByLabel('Name');
  await name.fill('no good');
  await page.getByText('Only letters, digits and underscores').waitFor();
  await name.fill('first');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Describe it in a few words').waitFor();
  await page.getByLabel('Description').fill('My first function');
  await picture(page, 'story-3-describe');
  await page.getByRole('button', { name: 'Create' }).click();

  // The editor: what is not saved is said, what is wrong is marked.
  await page.getByRole('heading', { name: 'first' }).waitFor();
  await page.getByText('No problems found').waitFor();
  await type(page, "function lambda(input, callback) { callback(null, 'Hello ' + input.payload.nam }");
  await page.getByText('Not saved').waitFor();
  await page.getByText(/1 error/).waitFor();
  await page.locator('.squiggly-error').first().waitFor();
  await picture(page, 'story-4-problem');
  await type(
    page,
    `function lambda(input, callback) {
  console.debug('debugging', { a: 1 });
  console.info('greeting', { who: input.payload.name });
  console.warn('a warning');
  console.error('an error');
  callback(null, { message: 'Hello ' + input.payload.name });
}`,
  );
  await page.getByText('No problems found').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByText('Not saved').waitFor({ state: 'detached' });
  await picture(page, 'story-5-editor');

  // Deploy: a last look, approve, and the states until it is in service.
  await page.getByRole('link', { name: 'Deploy' }).last().click();
  await page.getByRole('region', { name: 'Code' }).getByText("callback(null, { message: 'Hello '").waitFor();
  await page.getByText('No domain is whitelisted').waitFor();
  await picture(page, 'story-6-review');
  await page.getByRole('button', { name: 'Approve & Deploy' }).click();
  await page.getByText('Deployment successful').waitFor();
  await picture(page, 'story-7-deploy');

  // Invoke it with what its author wants.
  await page.getByRole('link', { name: 'Invoke first' }).click();
  await page.getByRole('heading', { name: 'Invoke your Function' }).waitFor();
  await type(page, '{ "headers": [], "payload": { "name": "browser" } }');
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await page.getByRole('region', { name: 'Output' }).getByText('"Hello browser"').waitFor();
  const logs = page.getByRole('region', { name: 'Logs' });
  for (const level of ['Debug', 'Info', 'Warn', 'Error'])
    await logs.getByText(level, { exact: true }).waitFor();
  await logs
    .getByRole('button', { name: /Show extras/ })
    .first()
    .click();
  await logs
    .getByText('"a"')
    .or(logs.getByText('a', { exact: true }))
    .first()
    .waitFor();
  const usage = page.getByRole('region', { name: 'Usage' });
  await usage.getByText('Steps (fuel)').waitFor();
  await picture(page, 'story-8-invoke');

  // Develop shows where it stands.
  await page.getByRole('navigation').getByRole('link', { name: 'Develop' }).click();
  await page
    .getByRole('row', { name: /first/ })
    .getByRole('cell', { name: 'Productive', exact: true })
    .waitFor();
  await picture(page, 'story-9-overview');
  page.calm();
  await page.leave();
});

test('what a function throws is shown with the author’s line', async () => {
  const uuid = await world.lambda(
    'thrower',
    'async function lambda() {\n  throw new TypeError("no luck");\n}',
  );
  const page = await world.visit({ expected: [/status of 901/] });
  await signIn(page, 'developer');
  await page.goto(`/invoke/${uuid}`);
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  const output = page.getByRole('region', { name: 'Output' });
  await output.getByText('no luck').waitFor();
  await output.getByText('com.liveperson.faas.handler.runtime-exception').waitFor();
  await picture(page, 'story-exception');
  await output.getByRole('link', { name: 'Show line 2' }).click();
  // The page one leaves has an editor too.
  await page.waitForURL(/\/develop\/.*\?line=2$/);
  await page.locator('.monaco-editor .view-line').first().waitFor();
  page.calm();
  await page.leave();
});

test('leaving with unsaved work is asked about, and deploying what cannot be built tells why', async () => {
  const uuid = await world.lambda('careful', 'function lambda(input, callback) { callback(null, 1); }');
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.goto(`/develop/${uuid}`);
  await page.getByText('No problems found').waitFor();
  await type(page, "throw new Error('at the top');\nfunction lambda(input, callback) { callback(null, 2); }");
  await page.getByText('Not saved').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Develop' }).click();
  await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.goto(`/deploy/${uuid}/review`);
  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .char-insert').first().waitFor();
  await picture(page, 'story-review-diff');
  await page.getByRole('button', { name: 'Approve & Deploy' }).click();
  const cause = page.getByRole('button', { name: /Build Error/ });
  await cause.waitFor();
  await cause.hover();
  await page.getByRole('tooltip').getByText('at the top').waitFor();
  await cause.click();
  await page
    .getByRole('dialog')
    .getByText(/at the top/i)
    .first()
    .waitFor();
  await picture(page, 'story-build-error');
  page.calm();
  await page.leave();
});

test('two who save the same function see both versions and lose nothing unasked', async () => {
  const uuid = await world.lambda('shared', 'function lambda(input, callback) { callback(null, 1); }');
  const page = await world.visit({ expected: [/409/] });
  await signIn(page, 'developer');
  await page.goto(`/develop/${uuid}`);
  await page.getByText('No problems found').waitFor();
  const [found] = await world.call('developer', 'GET', `lambdas/${uuid}`);
  const theirs = {
    ...found,
    implementation: { ...found.implementation, code: 'function lambda(i, cb) { cb(null, 2); }' },
  };
  await world.call('developer', 'PUT', `lambdas/${uuid}`, theirs);
  await type(page, 'function lambda(input, callback) { callback(null, 3); }');
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else saved this function' });
  await dialog.locator('.monaco-diff-editor .view-line').first().waitFor();
  await picture(page, 'story-conflict');
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await dialog.waitFor({ state: 'detached' });
  const [saved] = await world.call('developer', 'GET', `lambdas/${uuid}`);
  assert.match(saved.implementation.code, /callback\(null, 3\)/);
  assert.equal(saved.version, found.version + 2);
  page.calm();
  await page.leave();
});

test('an earlier deployment is compared with and put in service again', async () => {
  const uuid = await world.lambda('older', 'function lambda(input, callback) { callback(null, 1); }');
  const [found] = await world.call('developer', 'GET', `lambdas/${uuid}`);
  const code = 'function lambda(input, callback) { callback(null, 2); }';
  await world.call('developer', 'PUT', `lambdas/${uuid}`, {
    ...found,
    implementation: { ...found.implementation, code },
  });
  await world.call('developer', 'POST', `deployments/${uuid}`);
  const invoke = () =>
    world.call('developer', 'POST', `lambdas/${uuid}/invoke?v=1&externalSystem=test`, { payload: {} });
  await until(async () => (await invoke()) === 2);
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.goto(`/deploy/${uuid}`);
  await page
    .getByRole('row', { name: /Version 2/ })
    .getByText('In service')
    .waitFor();
  const first = page.getByRole('row', { name: /Version 1/ });
  await first.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('dialog').locator('.monaco-diff-editor .view-line').first().waitFor();
  await page.keyboard.press('Escape');
  await first.getByRole('button', { name: 'Roll back to this' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back to this' }).click();
  await page.getByText('Version 1 is in service').waitFor();
  assert.equal(await invoke(), 1);
  page.calm();
  await page.leave();
});

test('what a role may not do is not offered', async () => {
  const uuid = await world.lambda('for_roles', 'function lambda(input, callback) { callback(null, 1); }');
  const admin = await world.visit();
  await signIn(admin, 'admin');
  await admin.getByRole('row', { name: /for_roles/ }).waitFor();
  assert.equal(await admin.getByRole('link', { name: 'Create a Function' }).count(), 0);
  await admin.goto(`/develop/${uuid}`);
  await admin.getByText('You may read this function').waitFor();
  assert.equal(await admin.getByRole('button', { name: 'Save' }).count(), 0);
  await admin.goto(`/deploy/${uuid}/review`);
  await until(() => new URL(admin.url()).pathname === '/develop');
  // The whitelist is theirs.
  await admin.getByRole('navigation').getByRole('link', { name: 'Settings' }).click();
  await admin.getByLabel('Domain').fill('https://liveperson.com');
  await admin.getByText('Only the name').waitFor();
  await admin.getByLabel('Domain').fill('liveperson.com');
  await admin.getByRole('button', { name: 'Add domain' }).click();
  await admin.getByText('you may need www.liveperson.com as well').waitFor();
  await admin.getByLabel('Domain').fill('LIVEPERSON.com');
  await admin.getByText('This domain is whitelisted already').waitFor();
  await picture(admin, 'story-whitelist');
  admin.calm();
  await admin.leave();

  const invoker = await world.visit();
  await signIn(invoker, 'invoker');
  await invoker.getByText('There are no pages for your role').waitFor();
  assert.equal(await invoker.getByRole('navigation').getByRole('link').count(), 0);
  invoker.calm();
  await invoker.leave();
});
