// What the guide says about each page and no other story comes by: searching, choosing, menus, what is kept and what is
// not, and what a server answers to those who ask for what is not offered to them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ACCOUNT, begin, elsewhere, OWN_PASSWORD, signIn, type, until } from './world.mjs';

const HELLO = "function lambda(input, callback) { callback(null, 'Hello ' + process.env['WHOM']); }";

let world;
before(async () => {
  world = await begin({ more: ['--egress-allow-private', '127.0.0.0/8,::1'] });
  await world.owner();
});
after(() => world.end());

const textbox = (within, name) => within.getByRole('textbox', { name });

test('the overview is sorted by state and searched by name', async () => {
  await world.lambda('alpha_served', HELLO);
  await world.lambda('beta_draft', HELLO, { deployed: false });
  const page = await world.visit();
  await signIn(page, 'developer');
  const rows = () => page.getByRole('row').filter({ hasText: /alpha_served|beta_draft/ });
  await rows().nth(1).waitFor();
  await page.getByText(/^Draft \(\d+\)$/).click();
  await until(async () => (await rows().count()) === 1);
  await page.getByRole('row', { name: /beta_draft/ }).waitFor();
  await page.getByText(/^Productive \/ Modified \(\d+\)$/).click();
  await page.getByRole('row', { name: /alpha_served/ }).waitFor();
  await page.getByText(/^All \(\d+\)$/).click();
  await textbox(page, 'Search by name').fill('BETA');
  await until(async () => (await rows().count()) === 1);
  await textbox(page, 'Search by name').fill('nobody has this');
  await page.getByText('No function matches').waitFor();
  page.calm();
  await page.leave();
});

test('a deployment is created by typing a part of the name, or from the menu of the function', async () => {
  const uuid = await world.lambda('deploy_me', HELLO, { deployed: false });
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.getByRole('navigation').getByRole('link', { name: 'Deploy' }).click();
  await page.getByRole('link', { name: 'Create deployment' }).click();
  const choice = page.getByRole('combobox', { name: 'Function' });
  await choice.fill('no such');
  await page.getByText('No function has this name').waitFor();
  await choice.fill('ploy_m');
  await until(async () => (await page.getByRole('option').count()) === 1);
  await page.getByRole('option', { name: 'deploy_me (Draft)' }).click();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('heading', { name: 'Deploy deploy_me' }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/deploy/${uuid}/review`);
  await page.getByText('Node.js', { exact: false }).first().waitFor();

  await page.getByRole('navigation').getByRole('link', { name: 'Develop' }).click();
  await page.getByRole('button', { name: 'Actions for deploy_me' }).click();
  await page.getByRole('menuitem', { name: 'Deploy' }).click();
  await page.getByRole('button', { name: 'Approve & Deploy' }).click();
  const row = page.getByRole('row', { name: /deploy_me/ });
  await row.getByText('Deployment successful').waitFor();

  // And out of service again, after a question, as it is deleted.
  await row.getByRole('button', { name: 'Actions for deploy_me' }).click();
  await page.getByRole('menuitem', { name: 'Undeploy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undeploy' }).click();
  await page.getByText('deploy_me is out of service').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Develop' }).click();
  const draft = page.getByRole('row', { name: /deploy_me/ });
  await draft.getByRole('cell', { name: 'Draft', exact: true }).waitFor();
  await draft.getByRole('button', { name: 'Actions for deploy_me' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await draft.getByRole('button', { name: 'Actions for deploy_me' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await draft.waitFor({ state: 'detached' });
  page.calm();
  await page.leave();
});

test('templates come by event, an event that is taken cannot be chosen, and a name only once', async () => {
  const page = await world.visit();
  await signIn(page, 'owner', OWN_PASSWORD);
  const create = async (name) => {
    await page.goto('/develop/new');
    const event = page.getByRole('combobox', { name: 'Event' });
    await event.click();
    await event.fill('Messaging TTR');
    await page.getByRole('option', { name: 'Messaging TTR', exact: true }).click();
    await until(async () => (await page.getByRole('radio').count()) === 1);
    if (name === null) return;
    await page.getByRole('radio').check();
    await page.getByRole('button', { name: 'Next' }).click();
    // Who may whitelist does it on the way; the toggle leads past it.
    await page.getByRole('switch', { name: 'My function calls an external system' }).click();
    const domain = textbox(page, 'Domain');
    for (const [wrong, why] of [
      ['https://www.example.com', 'Only the name'],
      ['example', 'at least one dot'],
      ['a.*.example.com', 'A star may only stand alone in front'],
    ]) {
      await domain.fill(wrong);
      await page.getByText(why).waitFor();
    }
    await domain.fill('www.example.com');
    await domain.press('Enter');
    await page.getByRole('cell', { name: 'www.example.com', exact: true }).waitFor();
    await domain.fill('www.EXAMPLE.com');
    await page.getByText('This domain is whitelisted already').waitFor();
    await domain.fill('');
    await page.getByRole('button', { name: 'Next' }).click();
    await textbox(page, 'Name').fill('alpha_served');
    await page.getByText('There is a function of this name already').waitFor();
    await textbox(page, 'Name').fill(name);
    await textbox(page, 'Description').fill('Watches the time to respond');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name }).waitFor();
  };
  await create('time_to_respond');
  // The event belongs to it, with its example.
  await page.getByText('Messaging TTR').first().waitFor();
  await page.getByRole('tab', { name: 'Payload' }).click();
  const payload = page.getByRole('region', { name: 'Payload' });
  // A large example begins closed.
  await payload.getByText('payload').waitFor();
  assert.equal(await payload.getByText('newTtr').count(), 0);
  await page.getByRole('button', { name: 'Expand all' }).click();
  await payload.getByText('newTtr').first().waitFor();
  await create(null);
  assert.ok(await page.getByRole('radio').isDisabled(), 'an event without a place was offered');
  await page.getByText('The event has no place left for another function').waitFor();
  page.calm();
  await page.leave();
});

test('everything on the list of dependencies can be required, and nothing is missing there', async () => {
  const uuid = await world.lambda('listed', HELLO, { deployed: false });
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.goto(`/develop/${uuid}`);
  const links = page.getByRole('link', { name: /^Documentation of / });
  await links.first().waitFor();
  const names = (await links.evaluateAll((all) => all.map((link) => link.getAttribute('aria-label')))).map(
    (label) => label.replace('Documentation of ', ''),
  );
  assert.match(await links.nth(names.indexOf('lodash')).getAttribute('href'), /npmjs\.com\/package\/lodash/);
  const asking = await world.lambda(
    'asking',
    `function lambda(input, callback) {
  const versions = {};
  for (const name of input.payload.names) versions[name] = String(require(name).VERSION);
  let available = '';
  try { require('there-is-no-such-module'); } catch (error) { available = error.message; }
  callback(null, { versions, available });
}`,
  );
  const answer = await world.call('developer', 'POST', `lambdas/${asking}/invoke?v=1&externalSystem=test`, {
    payload: { names },
  });
  await page.getByText(`lodash ${answer.versions.lodash}`).waitFor();
  const [, listed] = /Available here: (.+?)\. /.exec(answer.available);
  // These are other names of modules on the list, or have nothing that a function can use.
  const silent = ['constants', 'fs', 'request-promise', 'sys', 'tty', 'vm'];
  const available = [...listed.matchAll(/[\w.@/-]+/g)]
    .map(([name]) => name)
    .filter((name) => !silent.includes(name) && !name.includes('/'));
  assert.deepEqual([...names].sort(), [...new Set(available)].sort());
  page.calm();
  await page.leave();
});

test('a variable is read at run time, inputs are kept where they are saved and nowhere else', async () => {
  const uuid = await world.lambda('greeter', HELLO);
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.goto(`/develop/${uuid}`);
  await page.getByRole('button', { name: 'Add variable' }).click();
  const dialog = page.getByRole('dialog');
  await textbox(dialog, 'Name').fill('WHOM');
  await textbox(dialog, 'Value').fill('42');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await textbox(page, 'Description').fill('Greets somebody');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Invoke' }).click();
  await page.getByText('The version in service runs, not the changes saved since').waitFor();
  await page.goto(`/deploy/${uuid}/review`);
  await page.getByText('WHOM = 42').waitFor();
  await page.getByRole('button', { name: 'Approve & Deploy' }).click();
  const row = page.getByRole('row', { name: /greeter/ });
  await row.getByText('Deployment successful').waitFor();
  await page.getByRole('link', { name: 'Invoke greeter' }).click();
  const lines = page.locator('.monaco-editor .view-lines').first();
  await page.getByText('The answer will be here').waitFor();
  await type(page, '{ "headers": [], "payload": { "mine": 1 } }');
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await page.getByRole('region', { name: 'Output' }).getByText('Hello 42').waitFor();

  await page.getByRole('button', { name: 'Saved payloads' }).click();
  await page.getByText('None saved yet').waitFor();
  await page.getByRole('menuitem', { name: /Save as/ }).click();
  await textbox(page.getByRole('dialog'), 'Name of the payload').fill('my case');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.reload();
  await page.getByText('The answer will be here').waitFor();
  await lines.getByText('headers').waitFor();
  assert.doesNotMatch(await lines.textContent(), /mine/, 'an input outlived its page');
  await page.getByRole('button', { name: 'Saved payloads' }).click();
  await page.getByRole('menuitem', { name: 'my case' }).click();
  await lines.getByText('mine').waitFor();
  await type(page, '{ not JSON');
  await page.getByText('This is not JSON').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Invoke', exact: true }).isDisabled());
  page.calm();
  await page.leave();
});

test('on a small screen the sidebar begins hidden and the tabs are in a menu', async () => {
  const uuid = await world.lambda('small', HELLO);
  const page = await world.visit({ width: 390 });
  await signIn(page, 'developer');
  await page.goto(`/develop/${uuid}`);
  await page.getByText('No problems found').waitFor();
  assert.equal(await page.getByRole('tab', { name: 'Settings' }).count(), 0);
  await page.getByRole('button', { name: 'Show settings and payload' }).click();
  await page.getByRole('tab', { name: 'Settings' }).waitFor();
  await page.getByRole('button', { name: 'Main' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Deploy' }).click();
  await page.getByRole('heading', { name: 'Deploy', level: 1 }).waitFor();
  page.calm();
  await page.leave();
});

test('whoever signs out is out, and may go to another account', async () => {
  const page = await world.visit({ expected: [/401/] });
  await signIn(page, 'developer');
  await page.getByRole('button', { name: 'Switch between light and dark' }).click();
  await until(() =>
    page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark'),
  );
  await page.getByRole('button', { name: 'Signed in as developer' }).click();
  await page.getByRole('menuitem', { name: 'Use another account' }).click();
  await textbox(page, 'Account').fill('654321');
  await textbox(page, 'User name').fill('developer');
  await textbox(page, 'Password').fill('lambkin');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.goto('/develop');
  await page.getByRole('button', { name: 'Signed in as developer' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Lambkin' }).waitFor();
  await page.goto('/develop');
  await page.getByRole('heading', { name: 'Sign in to Lambkin' }).waitFor();
  const status = await page.evaluate(
    async (account) => (await fetch(`/api/account/${account}/lambdas`)).status,
    ACCOUNT,
  );
  assert.equal(status, 401);
  page.calm();
  await page.leave();
});

test('the server refuses what a role is not offered', async () => {
  const uuid = await world.lambda('guarded', HELLO);
  const [lambda] = await world.call('developer', 'GET', `lambdas/${uuid}`);
  const read = ['GET', 'lambdas'];
  const write = ['PUT', `lambdas/${uuid}`, lambda];
  const deploy = ['POST', `deployments/${uuid}`];
  const domain = ['POST', 'proxy-settings', { domain: 'www.example.org' }];
  const secret = ['POST', 'secrets', { key: 'mine', value: 'x' }];
  const user = ['POST', 'users', { loginName: 'eve', permissions: ['LPA'] }];
  for (const [name, calls] of [
    ['admin', [write, deploy, user]],
    ['developer', [domain, secret, user]],
    ['invoker', [read, write, deploy, domain, secret, user]],
  ]) {
    // With the very session of the page, as somebody would from its console.
    const page = await world.visit({ expected: [/403/] });
    await signIn(page, name);
    for (const [method, path, body] of calls) {
      const status = await page.evaluate(
        async ([account, ...call]) => {
          const { csrf } = JSON.parse(localStorage.getItem('lambkin.session'));
          const response = await fetch(`/api/account/${account}/${call[1]}`, {
            method: call[0],
            headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
            body: call[2] === null ? undefined : JSON.stringify(call[2]),
          });
          return response.status;
        },
        [ACCOUNT, method, path, body ?? null],
      );
      assert.equal(status, 403, `${name}: ${method} ${path}`);
    }
    page.calm();
    await page.leave();
  }
});

test('what the guide shows as code passes the check, and its recipes do what they say', async (t) => {
  const page = await world.visit();
  await page.goto('/docs');
  await page.getByRole('heading', { name: 'Recipes' }).waitFor();
  const shown = await page.locator('section.code[aria-label^="Example"]').allTextContents();
  const whole = shown.filter((code) => code.includes('function lambda('));
  assert.ok(whole.length >= 7, `${whole.length} examples`);
  for (const code of whole) {
    const { findings } = await world.call('developer', 'POST', 'check', { code });
    assert.deepEqual(findings, [], code);
  }
  page.calm();
  await page.leave();

  const stock = [503, 503, 200];
  const partner = await elsewhere((request, response) => {
    const [, what, id] = request.url.split('/');
    response.writeHead(what === 'stock' ? stock.shift() : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ [what]: id }));
  });
  t.after(() => partner.end());
  await world.call('admin', 'POST', 'proxy-settings', { domain: 'localhost', id: -1 });
  await world.call('admin', 'POST', 'secrets', { key: 'webhook-key', value: 'shared' });
  const orders = [
    { customer: 'ann', price: 2 },
    { customer: 'bob', price: 7 },
    { customer: 'ann', price: 3 },
  ];
  const signed = { order: 7 };
  const key = 'X-Signature';
  const value = createHmac('sha256', 'shared').update(JSON.stringify(signed)).digest('hex');
  const cases = {
    'parallel.js': [{ payload: { orders: [1, 2] } }, [{ orders: '1' }, { orders: '2' }]],
    'retry.js': [{ payload: { item: 'wool' } }, { stock: 'wool' }],
    'signature.js': [{ headers: [{ key, value }], payload: signed }, { accepted: 7 }],
    'summary.js': [
      { payload: { orders } },
      [
        { customer: 'bob', orders: 1, sum: 7 },
        { customer: 'ann', orders: 2, sum: 5 },
      ],
    ],
  };
  const folder = new URL('../src/guide/recipes/', import.meta.url);
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(cases));
  for (const [file, [input, expected]] of Object.entries(cases)) {
    const code = readFileSync(new URL(file, folder), 'utf8');
    assert.ok(whole.includes(code), `${file} is not in the guide`);
    const environment = [{ key: 'PARTNER', value: `http://localhost:${partner.port}` }];
    const uuid = await world.lambda(`recipe_${file.slice(0, -3)}`, code, { environment });
    const { result } = await world.call('developer', 'POST', `lambdas/${uuid}/invoke`, {
      timestamp: 0,
      headers: [],
      ...input,
    });
    assert.deepEqual(result, expected, file);
  }
});
