// Every page in both themes and at both widths: nothing that axe calls serious, nothing wider than the screen, and a
// picture for people to look at (target/ui/pictures).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { begin, complaints, OWN_PASSWORD, picture, signIn } from './world.mjs';

const CODE = `function lambda(input, callback) {
  console.info('greeting', { who: input.payload.name });
  callback(null, { message: 'Hello ' + input.payload.name, list: [1, 2, 3] });
}`;

let world;
let pages;
before(async () => {
  world = await begin();
  await world.owner();
  const samplePayload = { headers: [], payload: { name: 'Ada' } };
  const uuid = await world.lambda('greet', CODE, { samplePayload });
  await world.lambda('a_draft_with_quite_a_long_name_as_people_give_them', CODE, { deployed: false });
  await world.call('admin', 'POST', 'proxy-settings', { domain: 'www.example.com' });
  await world.call('admin', 'POST', 'secrets', { key: 'api-key', value: 'hush' });
  await world.call('developer', 'POST', 'schedules', {
    lambdaUUID: uuid,
    cronExpression: '0 8 * * *',
    isActive: true,
  });
  await world.call('developer', 'POST', `lambdas/${uuid}/invoke?v=1&externalSystem=test`, {
    payload: { name: 'x' },
  });
  const [found] = await world.call('developer', 'GET', `lambdas/${uuid}`);
  const code = CODE.replace('Hello', 'Welcome');
  await world.call('developer', 'PUT', `lambdas/${uuid}`, {
    ...found,
    implementation: { ...found.implementation, code },
  });
  const editor = (page) => page.locator('.monaco-editor .view-line').first();
  const heading = (name) => (page) => page.getByRole('heading', { name, level: 1 });
  // What each page is known by once it is there.
  pages = {
    develop: ['/develop', (page) => page.getByRole('row', { name: /greet/ }).first()],
    wizard: ['/develop/new', (page) => page.getByRole('radio', { name: 'Greeting' })],
    editor: [`/develop/${uuid}`, (page) => page.getByText('No problems found')],
    deploy: ['/deploy', (page) => page.getByText('Deployment successful')],
    choose: ['/deploy/new', (page) => page.getByRole('combobox', { name: 'Function' })],
    review: [`/deploy/${uuid}/review`, (page) => page.getByText('www.example.com')],
    history: [`/deploy/${uuid}`, (page) => page.getByText('In service')],
    invoke: [
      `/invoke/${uuid}`,
      async (page) => {
        await editor(page).waitFor();
        await page.getByRole('button', { name: 'Invoke', exact: true }).click();
        return page.getByText('Steps (fuel)');
      },
    ],
    invocations: ['/monitoring/invocations', (page) => page.getByText('95 % are faster than')],
    logs: [`/monitoring/logs?lambda=${uuid}`, (page) => page.getByText('greeting').first()],
    activities: ['/monitoring/activities', (page) => page.getByText(/created function/).first()],
    whitelist: ['/settings/whitelist', (page) => page.getByRole('cell', { name: 'www.example.com' })],
    secrets: ['/settings/secrets', (page) => page.getByRole('cell', { name: 'api-key' })],
    schedules: ['/settings/schedules', (page) => page.getByRole('cell', { name: '0 8 * * *' })],
    apps: ['/settings/apps', (page) => page.getByRole('cell', { name: 'dev-client' })],
    users: ['/settings/users', (page) => page.getByRole('row', { name: /developer/ })],
    profiles: ['/settings/profiles', heading('Profiles')],
    limits: ['/settings/limits', (page) => page.getByRole('progressbar').first()],
    password: ['/password', heading('Change your password')],
    guide: ['/docs', (page) => page.getByText('Limits in force here')],
    nowhere: ['/nothing', heading('There is no such page')],
  };
});
after(() => world.end());

for (const width of [1280, 390]) {
  for (const theme of ['light', 'dark']) {
    test(`every page at ${width} px, ${theme}`, async () => {
      const page = await world.visit({ width, theme });
      const found = [];
      const look = async (name) => {
        for (const complaint of await complaints(page)) found.push(`${name}: ${complaint}`);
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (excess > 0) found.push(`${name}: ${excess} px wider than the screen`);
        await picture(page, `${name}-${width}-${theme}`);
      };
      await page.goto('/');
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await look('sign-in');
      await signIn(page, 'owner', OWN_PASSWORD);
      for (const [name, [path, sign]] of Object.entries(pages)) {
        await page.goto(path);
        await (await sign(page)).first().waitFor();
        await look(name);
      }
      page.calm();
      await page.leave();
      assert.deepEqual(found, []);
    });
  }
}
