import { expect, it } from 'vitest';
import { cut, isLarge } from './size';

it('looks only as far as it must', () => {
  expect(isLarge({ a: [1, 2, 3] })).toBe(false);
  expect(isLarge(Array.from({ length: 31 }, (_, n) => n))).toBe(true);
  const endless: Record<string, unknown> = {};
  endless.self = endless;
  expect(isLarge(endless)).toBe(true);
});

it('cuts what is long', () => {
  expect(cut('abc', 3)).toEqual({ shown: 'abc', isCut: false });
  expect(cut('abcd', 3)).toEqual({ shown: 'abc', isCut: true });
});
