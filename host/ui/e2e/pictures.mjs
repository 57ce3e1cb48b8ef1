// Makes the pictures of the README from the real application, so that they show what is there: `make pictures`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { begin, signIn, until } from './world.mjs';

const folder = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));

const CODE = `/**
 * Tells how a survey went.
 */
async function lambda(input) {
  const { csatRank, agentName } = input.payload;
  console.info('survey received', { csatRank });
  if (csatRank < 3) {
    console.warn('an unhappy customer', { agentName });
  }
  return { agentName, happy: csatRank >= 3, thanks: \`Thank you, \${agentName}!\` };
}
`;

mkdirSync(folder, { recursive: true });
const world = await begin();
try {
  const samplePayload = { headers: [], payload: { csatRank: 2, agentName: 'Ada' } };
  const uuid = await world.lambda('survey_summary', CODE, { samplePayload });
  await world.lambda('nightly_report', CODE, { samplePayload });
  await world.lambda('draft_of_a_bot', CODE, { samplePayload, deployed: false });
  const page = await world.visit({ width: 1280, height: 760 });
  const picture = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  await signIn(page, 'developer');
  await page.getByRole('row', { name: /survey_summary/ }).waitFor();
  await picture('develop');
  await page.goto(`/develop/${uuid}`);
  await page.getByText('No problems found').waitFor();
  await until(async () => page.workers().length >= 2);
  // Code is coloured a moment after it is there.
  await until(() =>
    page.evaluate(
      () =>
        new Set([...document.querySelectorAll('.view-line span span')].map((part) => part.className)).size >
        3,
    ),
  );
  await picture('editor');
  await page.goto(`/invoke/${uuid}`);
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await page.getByText('Steps (fuel)').waitFor();
  await picture('invoke');
  page.calm();
} finally {
  await world.end();
}
