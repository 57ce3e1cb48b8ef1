// Counts that stand in README.md, each between `<!-- name -->` and `<!-- /name -->`: runs are held to them, and write
// them with UPDATE_README=1.
import { readFileSync, writeFileSync } from 'node:fs';

const README = new URL('../../README.md', import.meta.url);

export const isUpdating = process.env.UPDATE_README === '1';

function parts(name) {
  const found = new RegExp(`^([^]*<!-- ${name}(?:: [^>]*)? -->)([^]*?)(<!-- /${name} -->[^]*)$`).exec(readFileSync(README, 'utf8'));
  if (found === null) throw new Error(`README.md has no place between <!-- ${name} --> and <!-- /${name} -->`);
  return found.slice(1);
}

// What is written there.
export const published = (name) => parts(name)[1];

export function publish(name, text) {
  const [before, , after] = parts(name);
  writeFileSync(README, `${before}${text}${after}`);
}
