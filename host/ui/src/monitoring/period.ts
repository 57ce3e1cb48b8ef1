// The times that monitoring looks at, and how finely.
export type Period = 'hour' | 'day' | 'week' | 'month';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PERIODS: Record<Period, { length: number; bucket: number }> = {
  hour: { length: HOUR, bucket: MINUTE },
  day: { length: DAY, bucket: HOUR },
  week: { length: 7 * DAY, bucket: 6 * HOUR },
  month: { length: 30 * DAY, bucket: DAY },
};

export function windowOf(period: Period, now = Date.now()): { from: number; to: number; bucketSize: number } {
  const { length, bucket } = PERIODS[period];
  return { from: now - length, to: now, bucketSize: bucket / 1_000 };
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const both = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit' });

/** What is written under a bar. */
export function tick(period: Period, at: number): string {
  const format = period === 'month' ? day : period === 'week' ? both : clock;
  return format.format(at);
}
