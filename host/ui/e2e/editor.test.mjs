// The editor as the guide describes it: suggestions, formatting, sidebar, environment variables, payload.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { begin, PATIENCE, signIn, type, until } from './world.mjs';

let world;
let page;
before(async () => {
  world = await begin();
  const samplePayload = { headers: [], payload: { general: { convId: '1', startTs: 2 } } };
  const uuid = await world.lambda('written', 'function lambda(input, callback) { callback(null, 1); }', {
    samplePayload,
  });
  page = await world.visit();
  await signIn(page, 'developer');
  await page.goto(`/develop/${uuid}`);
  await page.getByText('No problems found').waitFor();
});
after(() => world.end());

const suggestion = (label) =>
  page.locator('.suggest-widget .monaco-list-row').filter({ hasText: label }).first();

/** Waits for a suggestion as an author does: who sees none after a while asks for them. */
async function suggests(label) {
  for (let asked = 0; asked < 5; asked += 1) {
    const seen = await suggestion(label)
      .waitFor({ timeout: PATIENCE / 6 })
      .then(
        () => true,
        () => false,
      );
    if (seen) return;
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Space');
  }
  await suggestion(label).waitFor({ timeout: PATIENCE / 6 });
}

/** Waits until the types of a package are there: they come a moment after the code that requires it. */
const typed = (pack) =>
  until(() =>
    page.evaluate(
      (wanted) =>
        performance
          .getEntriesByType('resource')
          .some(({ name, responseEnd }) => name.includes(`/${wanted}-`) && responseEnd > 0),
      pack,
    ),
  );

/** What the lines on the screen say. */
const code = async () =>
  (await page.locator('.monaco-editor .view-lines').first().textContent()).replaceAll('\u00a0', ' ');

test('what is typed fast arrives as it was typed', async () => {
  await type(page, '// ');
  const words = 'the quick brown fox jumps over the lazy dog '.repeat(3);
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
  await until(async () => (await code()).includes(words.trim()));
});

test('it suggests what the engine and the example of the event have', async () => {
  await type(page, '');
  await page.keyboard.type('console.wa');
  await suggests('warn');
  await page.keyboard.press('Escape');
  await page.keyboard.type('rn(input.payload.general.');
  await suggests('convId');
  await page.keyboard.press('Enter');
  await until(async () => (await code()).includes('console.warn(input.payload.general.convId)'));
});

test('it suggests the toolbelt, and its types name what the engine has', async () => {
  await type(page, "const { Toolbelt } = require('lp-faas-toolbelt');\n");
  await page.keyboard.type('Toolbelt.');
  await suggests('SecretClient');
  await page.keyboard.press('Escape');
  const names = `const all = require('lp-faas-toolbelt');
async function lambda() { return [Object.keys(all), Object.keys(all.Toolbelt)]; }`;
  const uuid = await world.lambda('names', names);
  const [exported, tools] = await world.call(
    'developer',
    'POST',
    `lambdas/${uuid}/invoke?v=1&externalSystem=test`,
    {},
  );
  const types = await readFile(new URL('../toolbelt-types.d.ts', import.meta.url), 'utf8');
  const declared = [...types.matchAll(/export (?:const|class) (\w+)/g)].map(([, name]) => name);
  assert.deepEqual(declared.sort(), exported.sort());
  for (const tool of tools) assert.match(types, new RegExp(`^ {4}${tool}\\(`, 'm'), `${tool} has no type`);
});

test('it knows the modules of Node 10 and the packages that can be required', async () => {
  await type(page, "const crypto = require('crypto');\nconst _ = require('lodash');\n");
  await typed('lodash');
  await page.keyboard.type('crypto.createH');
  await suggests('createHmac');
  await page.keyboard.press('Escape');
  await page.keyboard.type('mac(');
  await page.locator('.parameter-hints-widget').getByText('algorithm: string').first().waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('End');
  await page.keyboard.type(';\n_.chunk');
  await suggests('chunk');
  await page.keyboard.press('Escape');
  for (const [pack, code, member, wanted] of [
    ['luxon', "const { DateTime } = require('luxon');\n", 'DateTime.', 'fromISO'],
    ['jsonwebtoken', "const jwt = require('jsonwebtoken');\n", 'jwt.', 'verify'],
    [
      'oauth-1.0a',
      "const OAuth = require('oauth-1.0a');\nconst signing = new OAuth({});\n",
      'signing.',
      'authorize',
    ],
    ['request', "const http = require('request-promise');\n", 'http.', 'defaults'],
    [
      'jsforce',
      "const { Connection } = require('jsforce');\nconst con = new Connection({});\n",
      'con.',
      'query',
    ],
    ['node', '', "Buffer.from('a').", 'toString'],
    ['node', '', 'process.env.', 'BRAND_ID'],
  ]) {
    await type(page, code);
    await typed(pack);
    // Only what fits into the list is drawn.
    await page.keyboard.type(member + wanted.slice(0, 4));
    await suggests(wanted);
    await page.keyboard.press('Escape');
  }
  // What it is, when somebody points at it.
  await type(page, "const { createHash } = require('crypto');\ncreateHash('sha256');");
  await page
    .locator('.view-line span')
    .filter({ hasText: /^createHash$/ })
    .last()
    .hover();
  await page
    .locator('.monaco-hover')
    .getByText(/createHash\(algorithm: string/)
    .first()
    .waitFor();
});

test('it formats the document from its context menu', async () => {
  await type(page, 'function lambda(input,callback){callback(null,1)}');
  await page.getByText('No problems found').waitFor();
  await page.locator('.monaco-editor .view-line').first().click({ button: 'right' });
  const item = page.getByRole('menuitem', { name: /Format Document/ });
  await item.hover();
  // The menu takes what comes at once for the end of the click that opened it.
  await item.click({ delay: 150 });
  await until(async () => (await code()).includes('lambda(input, callback) { callback(null, 1) }'));
});

test('it says what the check finds, in words and under the code', async () => {
  await type(page, 'function lambda(input, callback) { undeclared(); }');
  await page
    .getByText(/error|warning/)
    .first()
    .waitFor();
  await page.locator('.squiggly-error, .squiggly-warning').first().waitFor();
  await page
    .getByRole('button', { name: /Line 1, column/ })
    .first()
    .click();
  assert.ok(await page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null));
  await type(page, 'function lambda(input, callback) { callback(null, 1); }');
  await page.getByText('No problems found').waitFor();
});

test('environment variables are added, refused by name and removed', async () => {
  await page.getByRole('button', { name: 'Add variable' }).click();
  const dialog = page.getByRole('dialog');
  const name = dialog.getByRole('textbox', { name: 'Name' });
  await name.fill('BRAND_ID');
  await dialog.getByText('Variable name is reserved and thereby blocked for use.').waitFor();
  await name.fill('API_URL');
  await dialog.getByRole('textbox', { name: 'Value' }).fill('https://www.example.com');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByText('https://www.example.com').waitFor();
  await page.getByText('Not saved').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Remove variable API_URL' }).click();
  await page.getByText('Not saved').waitFor();
});

test('an author chooses that state is kept between invocations, and sees it before deploying', async () => {
  const { pathname } = new URL(page.url());
  const reuse = page.getByRole('switch', { name: 'Keep state between invocations' });
  await reuse.waitFor();
  assert.equal(await reuse.isChecked(), false);
  await reuse.click();
  await page.getByText('Not saved').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved').waitFor({ state: 'detached' });
  await page.goto(`${pathname.replace('/develop/', '/deploy/')}/review`);
  await page.getByText('Keeps state between invocations').waitFor();
  await page.goto(pathname);
  await page.getByText('No problems found').waitFor();
  await reuse.waitFor();
  assert.equal(await reuse.isChecked(), true);
});

test('the sidebar shows the payload, to read and not to change, and can be hidden', async () => {
  await page.getByRole('tab', { name: 'Payload' }).click();
  const payload = page.getByRole('region', { name: 'Payload' });
  await payload.getByText('convId').waitFor();
  await page.getByRole('button', { name: 'Collapse all' }).click();
  await until(async () => (await payload.getByText('convId').count()) === 0);
  await page.getByRole('button', { name: 'Expand all' }).click();
  await payload.getByText('convId').waitFor();
  assert.equal(await payload.locator('input, textarea').count(), 0);
  await page.getByRole('button', { name: 'Hide settings and payload' }).click();
  await page.getByRole('tab', { name: 'Payload' }).waitFor({ state: 'detached' });
  page.calm();
});
