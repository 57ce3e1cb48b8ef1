import { expect, it } from 'vitest';
import { asProblem, problemOf, sentence } from './problem';

it('shows what the server says as a sentence', () => {
  expect(sentence('the name is taken')).toBe('The name is taken.');
  expect(sentence('`name` is missing')).toBe('`name` is missing.');
  expect(sentence('Can not deploy a lambda during an active deployment')).toMatch(/deployment\.$/);
  expect(sentence('')).toBe('');
});

it('makes something of every answer', () => {
  const problem = problemOf(409, { errorCode: 'x.conflict', errorMsg: 'the name is taken' }, 'r1');
  expect(problem).toMatchObject({
    status: 409,
    code: 'x.conflict',
    message: 'The name is taken.',
    requestId: 'r1',
  });
  for (const body of [undefined, null, 'text', 7, [], {}]) {
    expect(problemOf(500, body).message).not.toBe('');
    expect(problemOf(500, body).hint).not.toBe('');
  }
});

it('takes any error for a problem', () => {
  expect(asProblem(new Error('boom')).message).toBe('boom');
  expect(asProblem('boom').message).toBe('boom');
});
