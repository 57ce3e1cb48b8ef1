// The whole story, following the screen alone: from an account with nothing in it to a deployed, tested function that
// reads a secret and calls a host of the whitelist. Once as the roles of the guide, who hand over to one another, and
// once by keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { begin, elsewhere, picture, signIn, type, until } from './world.mjs';

let world;
let partner;
/** What the partner was asked. */
const asked = [];
before(async () => {
  world = await begin({ more: ['--egress-allow-private', '127.0.0.0/8,::1'] });
  partner = await elsewhere((request, response) => {
    asked.push({ path: request.url, key: request.headers['x-api-key'] });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ order: 7, state: 'on its way' }));
  });
});
after(async () => {
  await partner.end();
  await world.end();
});

const textbox = (within, name) => within.getByRole('textbox', { name });
const tab = (page, name) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

test('an administrator prepares, a developer builds, deploys and tests', async () => {
  const admin = await world.visit();
  await signIn(admin, 'admin');
  await tab(admin, 'Settings');
  await textbox(admin, 'Domain').fill('localhost');
  await admin.getByRole('button', { name: 'Add domain' }).click();
  await admin.getByRole('cell', { name: 'localhost', exact: true }).waitFor();
  const settings = admin.getByRole('navigation', { name: 'Settings' });
  await settings.getByRole('link', { name: 'Secrets' }).click();
  await admin.getByRole('button', { name: 'Add secret' }).click();
  const dialog = admin.getByRole('dialog');
  await textbox(dialog, 'Name').fill('partner-key');
  await textbox(dialog, 'Value').fill('open sesame');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await admin.getByRole('row', { name: /partner-key/ }).waitFor();
  admin.calm();

  const page = await world.visit({ expected: [/status of 901/] });
  await signIn(page, 'developer');
  await page.getByRole('link', { name: 'Create a Function' }).click();
  await page.getByRole('radio', { name: 'HTTP' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('switch', { name: 'My function calls an external system' }).click();
  await page.getByRole('cell', { name: 'localhost', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await textbox(page, 'Name').fill('order_state');
  await textbox(page, 'Description').fill('Asks a partner how an order is doing');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'order_state' }).waitFor();
  await page.getByRole('button', { name: 'Add variable' }).click();
  const variable = page.getByRole('dialog');
  await textbox(variable, 'Name').fill('PARTNER');
  await textbox(variable, 'Value').fill(`http://localhost:${partner.port}`);
  await variable.getByRole('button', { name: 'Done' }).click();
  await type(
    page,
    `const { Toolbelt } = require('lp-faas-toolbelt');
async function lambda(input) {
  const { value } = await Toolbelt.SecretClient().readSecret('partner-key');
  const path = '/orders/' + input.payload.order;
  const answer = await Toolbelt.HTTPClient()(process.env.PARTNER + path, { json: true, headers: { 'x-api-key': value } });
  console.info('partner answered', answer);
  return answer.state;
}`,
  );
  await page.getByText('No problems found').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Deploy' }).last().click();
  // What is going to run, and what it can reach.
  for (const known of [
    `PARTNER = http://localhost:${partner.port}`,
    'localhost',
    'partner-key',
    /^Node\.js \d+/,
  ])
    await page.getByText(known, { exact: true }).first().waitFor();
  await picture(page, 'whole-1-review');
  await page.getByRole('button', { name: 'Approve & Deploy' }).click();
  await page.getByText('Deployment successful').waitFor();
  await page.getByRole('link', { name: 'Invoke order_state' }).click();
  await type(page, '{ "headers": [], "payload": { "order": 7 } }');
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await page.getByRole('region', { name: 'Output' }).getByText('on its way').waitFor();
  await page.getByRole('region', { name: 'Logs' }).getByText('partner answered').waitFor();
  await page.getByRole('region', { name: 'Usage' }).getByText('Calls to other systems').waitFor();
  await picture(page, 'whole-2-tested');
  assert.deepEqual(asked, [{ path: '/orders/7', key: 'open sesame' }]);

  // The administrator takes the domain back: the next call says so and leads on.
  await settings.getByRole('link', { name: 'Whitelist' }).click();
  await admin.getByRole('button', { name: 'Remove localhost' }).click();
  await admin.getByText('localhost can no longer be called').waitFor();
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await page.getByRole('alert').getByText('localhost', { exact: true }).waitFor();
  await page.getByText('Ask an administrator').waitFor();
  assert.equal(asked.length, 1);
  admin.calm();
  page.calm();
  await admin.leave();
  await page.leave();
});

test('the same without a mouse', async () => {
  const page = await world.visit();
  await signIn(page, 'developer');
  const { keyboard } = page;
  /** Goes on with Tab until something has the focus, which must be seen there. */
  const reach = async (locator) => {
    // The editor's place for typing has no size. Tab leads past what is switched off.
    await locator.waitFor({ state: 'attached' });
    await until(() => locator.isEnabled());
    for (let step = 0; step < 120; step += 1) {
      if (await locator.evaluate((element) => element === document.activeElement)) {
        const seen = await locator.evaluate((element) => {
          const { outlineStyle, boxShadow } = getComputedStyle(element);
          const box = element.getBoundingClientRect();
          const isInView = box.bottom > 0 && box.top < innerHeight;
          return {
            isInView,
            isMarked: outlineStyle !== 'none' || boxShadow !== 'none' || element.matches('input, textarea'),
          };
        });
        assert.deepEqual(seen, { isInView: true, isMarked: true }, `the focus on ${locator} is not seen`);
        return;
      }
      await keyboard.press('Tab');
    }
    await picture(page, 'failed-keyboard');
    throw new Error(`Tab never comes to ${locator}`);
  };
  const use = async (locator, key = 'Enter') => {
    await reach(locator);
    await keyboard.press(key);
  };
  await page.goto('/develop');
  await page.getByRole('heading', { name: 'Develop' }).waitFor();
  // The first stop leads past the tabs.
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await until(() => page.evaluate(() => document.activeElement?.id === 'content'));
  await use(page.getByRole('link', { name: 'Create a Function' }));
  await reach(page.getByRole('radio', { checked: true }));
  await page.getByRole('region', { name: 'Preview of the template' }).waitFor();
  await use(page.getByRole('button', { name: 'Next' }));
  await use(page.getByRole('switch', { name: 'My function calls an external system' }), 'Space');
  await page.getByText('The whitelist is managed by administrators').waitFor();
  await use(page.getByRole('button', { name: 'Next' }));
  await reach(textbox(page, 'Name'));
  await keyboard.type('by_keyboard');
  await reach(textbox(page, 'Description'));
  await keyboard.type('Written without a mouse');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'by_keyboard' }).waitFor();
  await page.getByText('No problems found').waitFor();

  // In the editor Tab indents, and the page says how to go on.
  const code = page.getByRole('textbox', { name: /^Code of the function/ });
  await reach(code);
  await keyboard.press('Control+End');
  await keyboard.press('Tab');
  await keyboard.type('// typed');
  await page.getByText('Not saved').waitFor();
  await keyboard.press('Control+s');
  await page.getByText('Saved', { exact: true }).waitFor();
  assert.ok(await code.evaluate((element) => element === document.activeElement), 'Tab left the editor');
  await page.getByText('Ctrl+M').waitFor();
  await keyboard.press('Control+m');
  await reach(page.getByRole('tab', { name: 'Settings' }));
  await keyboard.press('ArrowRight');
  await page.getByRole('region', { name: 'Payload' }).waitFor();

  await page.goto('/develop');
  await use(page.getByRole('button', { name: 'Actions for by_keyboard' }));
  await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
  const item = page.getByRole('menuitem', { name: 'Deploy' });
  for (let step = 0; step < 5; step += 1) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    await keyboard.press('ArrowDown');
  }
  await keyboard.press('Enter');
  await use(page.getByRole('button', { name: 'Approve & Deploy' }));
  const row = page.getByRole('row', { name: /by_keyboard/ });
  await row.getByText('Deployment successful').waitFor();
  await use(page.getByRole('link', { name: 'Invoke by_keyboard' }));
  await use(page.getByRole('button', { name: 'Invoke', exact: true }));
  await page.getByRole('region', { name: 'Output' }).getByText('Hello').waitFor();
  // The input is no code: Tab leads on.
  const input = page.getByRole('textbox', { name: 'Input' });
  await reach(input);
  await keyboard.press('Tab');
  assert.ok(await input.evaluate((element) => element !== document.activeElement), 'Tab stays in the input');
  page.calm();
  await page.leave();
});
