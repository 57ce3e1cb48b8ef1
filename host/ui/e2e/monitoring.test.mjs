// What became of calls, what was logged, who did what.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { begin, signIn, until } from './world.mjs';

const CODE = `function lambda(input, callback) {
  console.info('called with', input.payload);
  if (input.payload.fail) { console.error('going to fail'); callback(new Error('on purpose')); return; }
  callback(null, 'fine');
}`;

let world;
let uuid;
before(async () => {
  world = await begin();
  uuid = await world.lambda('watched', CODE);
  const call = (payload) =>
    world
      .call('developer', 'POST', `lambdas/${uuid}/invoke?v=1&externalSystem=test`, { payload })
      .catch((error) => {
        if (!/901/.test(error.message)) throw error;
      });
  await call({ n: 1 });
  await call({ n: 2 });
  await call({ fail: true });
  await until(async () => (await world.call('developer', 'GET', `logs?lambdaUUID=${uuid}`)).length >= 5);
});
after(() => world.end());

test('calls are counted by outcome and time', async () => {
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.getByRole('navigation').getByRole('link', { name: 'Monitoring' }).click();
  const chart = page.getByRole('img', { name: 'Invocations over time by outcome: 2 Succeeded' });
  await chart.waitFor();
  await chart.locator('.recharts-bar-rectangle path').first().waitFor();
  await page.getByText('95 % are faster than').waitFor();
  await page.getByRole('row', { name: /Coding failure/ }).waitFor();
  page.calm();
  await page.leave();
});

test('logs are filtered, grouped by request and exported', async () => {
  const page = await world.visit();
  await signIn(page, 'developer');
  await page.goto(`/monitoring/logs?lambda=${uuid}`);
  await page.getByText('going to fail').waitFor();
  assert.equal(await page.getByText('called with').count(), 3);
  await page.getByText('Info', { exact: true }).first().click();
  await until(async () => (await page.getByText('called with').count()) === 0);
  await page.getByText('going to fail').waitFor();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  const file = await readFile(await (await coming).path(), 'utf8');
  assert.match(file, /^lambdaUUID;requestID;timestamp;level;message;extras/);
  assert.match(file, /going to fail/);
  assert.doesNotMatch(file, /called with/, 'what is not shown is not exported');
  page.calm();
  await page.leave();
});

test('activities tell who changed what in the code', async () => {
  const [found] = await world.call('developer', 'GET', `lambdas/${uuid}`);
  const code = CODE.replace("'fine'", "'better'");
  await world.call('developer', 'PUT', `lambdas/${uuid}`, {
    ...found,
    implementation: { ...found.implementation, code },
  });
  const page = await world.visit();
  await signIn(page, 'admin');
  await page.goto('/monitoring/activities');
  await page.getByRole('button', { name: 'Show the change of the code' }).click();
  const diff = page.getByRole('region', { name: 'Show the change of the code' });
  await diff.getByText("+  callback(null, 'better');").waitFor();
  await diff.getByText("-  callback(null, 'fine');").waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('no such thing');
  await page.getByText('Nobody did anything of this kind').waitFor();
  page.calm();
  await page.leave();
});
