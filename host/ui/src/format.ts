// Dates, sizes and durations as people read them.

const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export const moment = (date: string | number): string => moments.format(new Date(date));

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago something was, or when it will be. */
export function ago(date: string | number, now = Date.now()): string {
  const distance = new Date(date).getTime() - now;
  for (const [unit, size] of STEPS) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  }
  return Math.abs(distance) < 60_000 && distance <= 0 ? 'just now' : 'in a moment';
}

export function bytes(n: number): string {
  if (n < 1_024) return `${n} B`;
  if (n < 1_048_576) return `${(n / 1_024).toFixed(1)} KB`;
  return `${(n / 1_048_576).toFixed(1)} MB`;
}

export function duration(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${(us / 1_000).toFixed(us < 10_000 ? 2 : 1)} ms`;
  return `${(us / 1_000_000).toFixed(2)} s`;
}

export const number = (n: number): string => n.toLocaleString('en');

const LARGER: Readonly<Record<string, [string, number][]>> = {
  bytes: [
    ['MiB', 1_048_576],
    ['KiB', 1_024],
  ],
  ms: [['s', 1_000]],
  s: [
    ['days', 86_400],
    ['hours', 3_600],
    ['minutes', 60],
  ],
};

/** A limit with its unit, in a larger one where there are at least two of it and nothing is lost. */
export function amount(value: number, unit: string): string {
  const fits = LARGER[unit]?.find(([, size]) => value >= 2 * size && value % size === 0);
  return fits === undefined ? `${number(value)} ${unit}` : `${number(value / fits[1])} ${fits[0]}`;
}
