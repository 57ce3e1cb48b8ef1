import { describe, expect, it } from 'vitest';
import { compatibility, foundEntries } from './compatibility';

const modules = await compatibility();
const names = (search: string) =>
  foundEntries(modules, search).flatMap((one) => one.entries.map(({ name }) => `${one.module}.${name}`));

describe('what lambdas have of Node', () => {
  it('is all there until somebody looks for something', () => {
    expect(foundEntries(modules, ' ')).toEqual(modules);
  });

  it('is found by module and name', () => {
    expect(names('crypto.createHash')).toEqual(['crypto.createHash']);
    expect(names('spawnsync CHILD')).toEqual(['child_process.spawnSync']);
    expect(names('no such thing')).toEqual([]);
  });

  it('says of each whether it works', () => {
    const [found] = foundEntries(modules, 'child_process.spawnSync');
    expect(found?.entries.map(({ status }) => status)).toEqual(['throws']);
    expect(found?.refused).toBe('there are no other processes');
  });
});
