import { expect, it } from 'vitest';
import { counts, shown } from './filter';

const LAMBDAS = [
  { name: 'beta', state: 'Draft' },
  { name: 'alpha', state: 'Modified' },
  { name: 'Gamma', state: 'Build Error' },
  { name: 'delta', state: 'Productive' },
] as const;

it('shows functions by state and name, in order', () => {
  const names = (...by: [Parameters<typeof shown>[1], string]) =>
    shown(LAMBDAS, ...by).map(({ name }) => name);
  expect(names('all', '')).toEqual(['alpha', 'beta', 'delta', 'Gamma']);
  expect(names('productive', '')).toEqual(['alpha', 'delta']);
  expect(names('errors', '')).toEqual(['Gamma']);
  expect(names('all', ' ALPH ')).toEqual(['alpha']);
  expect(counts(LAMBDAS)).toEqual({ all: 4, drafts: 1, productive: 2, errors: 1 });
});
