import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../api/invocations';
import { texts } from '../texts';
import { blockedHosts } from './blocked';
import { exampleOf, judgeInput } from './input';
import { framesOf } from './stack';

describe('input', () => {
  it('starts from the example', () => {
    expect(JSON.parse(exampleOf({ headers: [], payload: { name: 'x' } }))).toEqual({
      headers: [],
      payload: { name: 'x' },
    });
    expect(JSON.parse(exampleOf(undefined))).toEqual({ headers: [], payload: {} });
  });

  it('is judged before it is sent', () => {
    expect(judgeInput('{"payload": 1}', 7)).toEqual({ input: { timestamp: 7, headers: [], payload: 1 } });
    expect(judgeInput('{').problem).toContain('JSON');
    expect(judgeInput('[]').problem).toBe(texts.invoke.notObject);
    expect(judgeInput('{"headers": [{"key": 1}]}').problem).toBe(texts.invoke.notHeaders);
  });
});

describe('stacks', () => {
  it('name lines of the author', () => {
    const stack = 'TypeError: no luck\n    at inner (lambda.js:3:9)\n    at lambda.js:7:1\n    at native\n';
    expect(framesOf(stack)).toEqual([
      { text: '    at inner (lambda.js:3:9)', line: 3 },
      { text: '    at lambda.js:7:1', line: 7 },
      { text: '    at native' },
    ]);
  });
});

describe('blocked hosts', () => {
  it('are those that warnings name, once each', () => {
    const warn = (message: unknown, level = 'Warn') =>
      ({ level, message, extras: [], timestamp: 0 }) as unknown as LogEntry;
    const found = blockedHosts([
      warn('GET https://a.example/x was denied: add `a.example` to the whitelist of the account'),
      warn('GET https://a.example/y was denied: add `a.example` to the whitelist of the account'),
      warn(
        'GET https://www.b.example/ was denied: the whitelist has `b.example`, which is another domain: add `www.b.example` to it',
      ),
      warn('GET https://c.example/ was denied: add `c.example` to it', 'Info'),
      warn({ not: 'text' }),
    ]);
    expect(found).toEqual(['a.example', 'www.b.example']);
  });
});
