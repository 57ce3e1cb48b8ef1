import { expect, it } from 'vitest';
import { diffLines } from './diffLines';
import { byRequest } from './groups';
import { percentile } from './percentile';
import { windowOf } from './period';

it('finds what so many stay below', () => {
  const values = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect(percentile(values, 0.5)).toBe(50);
  expect(percentile(values, 0.95)).toBe(95);
  expect(percentile([7], 0.95)).toBe(7);
  expect(percentile([], 0.5)).toBeNull();
});

it('looks at whole periods', () => {
  expect(windowOf('hour', 3_600_000)).toEqual({ from: 0, to: 3_600_000, bucketSize: 60 });
});

it('tells what lines of a difference are', () => {
  const kinds = diffLines('--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n same\n').map(({ kind }) => kind);
  expect(kinds).toEqual(['place', 'place', 'place', 'removed', 'added', 'same']);
});

it('puts together what one request logged, the newest first', () => {
  const line = (requestID: string, timestamp: number) => ({ requestID, timestamp, level: 'Info' });
  const groups = byRequest([line('a', 1), line('b', 2), line('a', 3)]);
  expect(groups.map(({ id, lines }) => [id, lines.map(({ timestamp }) => timestamp)])).toEqual([
    ['a', [1, 3]],
    ['b', [2]],
  ]);
});
