import { describe, expect, it } from 'vitest';
import { texts } from '../texts';
import { exampleOf, judgeInput } from './input';
import { framesOf, stackIn } from './stack';

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
    expect(framesOf('    at lambda (lambda.js:3:9)\n    at native\n')).toEqual([
      { text: '    at lambda (lambda.js:3:9)', line: 3 },
      { text: '    at native' },
    ]);
  });

  it('are found where errors were logged', () => {
    expect(stackIn([{ name: 'Error', stack: 'at x' }])).toBe('at x');
    expect(stackIn([{ error: { stack: 'at y' } }, 7])).toBe('at y');
    expect(stackIn(['text', null])).toBeNull();
  });
});
