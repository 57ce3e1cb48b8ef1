import { expect, it } from 'vitest';
import { ago, amount, bytes, duration } from './format';

it('writes sizes and durations in fitting units', () => {
  expect([0, 1023, 1024, 5 << 20].map(bytes)).toEqual(['0 B', '1023 B', '1.0 KB', '5.0 MB']);
  expect([0, 999, 1500, 25_000, 2_000_000].map(duration)).toEqual([
    '0 µs',
    '999 µs',
    '1.50 ms',
    '25.0 ms',
    '2.00 s',
  ]);
});

it('says how long ago', () => {
  const now = Date.UTC(2026, 0, 10);
  expect(ago(now - 5_000, now)).toBe('just now');
  expect(ago(now - 3 * 60_000, now)).toBe('3 minutes ago');
  expect(ago(now - 26 * 3_600_000, now)).toBe('yesterday');
  expect(ago(now + 2 * 3_600_000, now)).toBe('in 2 hours');
});

it('amounts are told in a larger unit when nothing is lost', () => {
  expect(amount(268_435_456, 'bytes')).toBe('256 MiB');
  expect(amount(28_800, 's')).toBe('8 hours');
  expect(amount(30_000, 'ms')).toBe('30 s');
  expect(amount(60, 's')).toBe('60 s');
  expect(amount(6_291_457, 'bytes')).toBe('6,291,457 bytes');
  expect(amount(50, 'functions')).toBe('50 functions');
});
