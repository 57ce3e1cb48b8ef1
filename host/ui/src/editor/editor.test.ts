import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../api/problem';
import { keysAt, pathBefore } from './completions';
import { isDirty, withDraft } from './draft';
import { judgeVariable } from './environment';
import { markersOf } from './markers';
import { MODULES } from './modules';

describe('suggestions', () => {
  it('know where in the input somebody is', () => {
    expect(pathBefore('const x = input.')).toEqual([]);
    expect(pathBefore('input.payload?.general.')).toEqual(['payload', 'general']);
    expect(pathBefore('output.')).toBeNull();
    expect(pathBefore('input')).toBeNull();
  });

  it('come from the example', () => {
    const sample = { payload: { general: { convId: 'a', features: [] } } };
    expect(keysAt(sample, ['payload', 'general'])).toEqual([
      { key: 'convId', kind: 'string' },
      { key: 'features', kind: 'array' },
    ]);
    expect(keysAt(sample, ['payload', 'nothing', 'deep'])).toEqual([]);
  });
});

describe('marks', () => {
  it('are never without a width', () => {
    const at = { line: 2, column: 3, endLine: 2, endColumn: 3, frame: '' };
    const finding: Finding = {
      ...at,
      severity: 'error',
      code: 'syntax',
      message: 'unexpected',
      hint: 'write ;',
    };
    const [mark] = markersOf([finding], { Error: 8, Warning: 4 });
    expect(mark).toMatchObject({ severity: 8, startColumn: 3, endColumn: 4, message: 'unexpected\nwrite ;' });
  });
});

describe('environment variables', () => {
  it('are not those of the platform and stand there once', () => {
    expect(judgeVariable('API_URL', 'x', [])).toBeNull();
    for (const bad of ['', 'BRAND_ID', 'a=b', 'x'.repeat(201), 'TAKEN']) {
      expect(judgeVariable(bad, '', ['TAKEN']), bad).not.toBeNull();
    }
    expect(judgeVariable('X', 'x'.repeat(201), [])).not.toBeNull();
  });
});

describe('a draft', () => {
  const implementation = { code: 'a', dependencies: [], environmentVariables: [] };
  const lambda = { description: 'd', implementation, version: 3 } as unknown as Parameters<typeof isDirty>[0];

  it('is dirty as long as it differs', () => {
    const draft = { code: 'a', description: 'd', environment: [], reuse: false };
    expect(isDirty(lambda, draft)).toBe(false);
    expect(isDirty(lambda, { ...draft, code: 'b' })).toBe(true);
    expect(isDirty(lambda, { ...draft, reuse: true })).toBe(true);
    expect(isDirty({ ...lambda, reuse: true }, { ...draft, reuse: true })).toBe(false);
    expect(isDirty(lambda, { ...draft, environment: [{ key: 'X', value: '' }] })).toBe(true);
    expect(withDraft(lambda, { ...draft, code: 'b', reuse: true })).toMatchObject({
      version: 3,
      reuse: true,
      implementation: { code: 'b' },
    });
  });
});

describe('modules', () => {
  it('have the versions that the engine is built with', () => {
    const built = new URL('../../../../js-engine/package.json', import.meta.url);
    const { dependencies } = JSON.parse(readFileSync(built, 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const packages = MODULES.filter(({ documentation }) => documentation.includes('/package/'));
    expect(packages.length).toBeGreaterThan(0);
    for (const { name, version } of packages) expect(dependencies[name], name).toBe(version);
  });
});
