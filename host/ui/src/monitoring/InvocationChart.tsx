// Calls over time, by what became of them. Loaded when it is shown: charts are large.
import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { Bucket } from '../api/monitoring';
import { texts } from '../texts';
import { type Period, tick } from './period';

const { outcomes } = texts.monitoring;
const SERIES = [
  { name: 'SUCCEEDED', label: outcomes.SUCCEEDED, color: 'teal.8' },
  { name: 'CODING_FAILURE', label: outcomes.CODING_FAILURE, color: 'orange.8' },
  { name: 'TIMEOUT', label: outcomes.TIMEOUT, color: 'grape.8' },
  { name: 'PLATFORM_FAILURE', label: outcomes.PLATFORM_FAILURE, color: 'red.8' },
  { name: 'UNKOWN', label: outcomes.UNKOWN, color: 'gray.6' },
];

export default function InvocationChart({ buckets, period }: { buckets: Bucket[]; period: Period }) {
  const data = buckets.map((bucket) => ({ ...bucket, at: tick(period, bucket.from) }));
  const total = buckets.reduce((sum, bucket) => sum + bucket.SUCCEEDED, 0);
  return (
    <div role="img" aria-label={`${texts.monitoring.chart}: ${total} ${outcomes.SUCCEEDED}`}>
      <BarChart
        h={280}
        data={data}
        dataKey="at"
        type="stacked"
        series={SERIES}
        withLegend
        barProps={{ isAnimationActive: false }}
        yAxisProps={{ allowDecimals: false }}
      />
    </div>
  );
}
