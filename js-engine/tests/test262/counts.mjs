// The README's table of test262, from the outcome of the last whole run. `node counts.mjs` writes it again, which saves the
// run when only the expectations were sorted since.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { publish } from '../readme.mjs';
import { differences, expected } from './expectations.mjs';

export const OUTCOME = '../../../target/test262.json';
export const PARTIAL_OUTCOME = '../../../target/test262-part.json';
const here = (path) => new URL(path, import.meta.url);
const count = (number) => number.toLocaleString('en-US');

// {runs: {part: number}, files, skipped: {rule: number}, failed: {id: why}} -> lines of Markdown
export function table({ runs, files, skipped, failed }, commit) {
  const ids = Object.keys(failed);
  const row = (name, of, bad) => `| ${name} | ${count(of - bad)} | ${count(of)} | ${(Math.floor((10_000 * (of - bad)) / of) / 100).toFixed(2)} % |`;
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  return [
    '| part | runs that pass | of | |',
    '|---|---:|---:|---:|',
    ...Object.keys(runs).sort().map((part) => row(part, runs[part], ids.filter((id) => id.startsWith(`test/${part}/`)).length)),
    row('all', sum(Object.values(runs)), ids.length),
    '',
    `Of test262 at commit \`${commit.slice(0, 10)}\`; ${count(sum(Object.values(skipped)))} of ${count(files)} files are not run, by rules with a reason each.`,
  ].join('\n');
}

export function writeCounts() {
  const expectations = JSON.parse(readFileSync(here('expectations.json'), 'utf8'));
  const outcome = JSON.parse(readFileSync(here(OUTCOME), 'utf8'));
  const { unexpected, passed } = differences(expected(expectations), new Map(Object.entries(outcome.failed)), () => true);
  if (unexpected.length + passed.length > 0) throw new Error('README.md is only written when the whole run was as expected');
  publish('test262', `\n${table(outcome, expectations.commit)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeCounts();
