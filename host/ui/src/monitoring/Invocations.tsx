// How a function does: calls over time by outcome, how long they run, the newest ones.
import { Anchor, Badge, Group, Paper, SimpleGrid, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import type { Usage } from '../api/invocations';
import { callsQuery, statisticsQuery } from '../api/monitoring';
import { Loaded, Waiting } from '../app/Loaded';
import { Page } from '../app/Page';
import { duration, moment, number } from '../format';
import { texts } from '../texts';
import { useChoice } from './Choice';
import { percentile } from './percentile';
import type { Period } from './period';

const Chart = lazy(() => import('./InvocationChart'));
const PERIODS: Period[] = ['hour', 'day', 'week', 'month'];
const SHOWN = 50;

export function Invocations() {
  const { chosen, controls } = useChoice(PERIODS);
  return (
    <Page title={texts.monitoring.invocations}>
      {controls}
      {chosen.isEmpty && <Text>{texts.monitoring.noLambdas}</Text>}
      {chosen.uuid !== null && (
        <>
          <OverTime uuid={chosen.uuid} period={chosen.period} />
          <Calls uuid={chosen.uuid} period={chosen.period} />
        </>
      )}
    </Page>
  );
}

function OverTime({ uuid, period }: { uuid: string; period: Period }) {
  const query = useQuery(statisticsQuery(uuid, period));
  return (
    <Loaded query={query}>
      {({ invocationStatistics: buckets }) => {
        const sum = (one: (typeof buckets)[number]) =>
          one.SUCCEEDED + one.CODING_FAILURE + one.PLATFORM_FAILURE + one.TIMEOUT + one.UNKOWN;
        const total = buckets.reduce((all, bucket) => all + sum(bucket), 0);
        if (total === 0) return <Text>{texts.monitoring.nothing}</Text>;
        return (
          <Suspense fallback={<Waiting />}>
            <Chart buckets={buckets} period={period} />
          </Suspense>
        );
      }}
    </Loaded>
  );
}

function Calls({ uuid, period }: { uuid: string; period: Period }) {
  const query = useQuery(callsQuery(uuid, period));
  return (
    <Loaded query={query}>
      {(calls) =>
        calls.length > 0 && (
          <>
            <Times calls={calls} />
            <Text fw={600}>{texts.monitoring.recent}</Text>
            <Newest calls={calls.slice(0, SHOWN)} uuid={uuid} />
          </>
        )
      }
    </Loaded>
  );
}

function Times({ calls }: { calls: Usage[] }) {
  const ran = calls.map(({ runUs, thawUs, queueUs }) => runUs + thawUs + queueUs);
  const figures: [string, string][] = [
    [texts.monitoring.total, number(calls.length)],
    [texts.monitoring.p50, duration(percentile(ran, 0.5) ?? 0)],
    [texts.monitoring.p95, duration(percentile(ran, 0.95) ?? 0)],
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      {figures.map(([name, value]) => (
        <Paper key={name} withBorder p="md">
          <Text size="sm">{name}</Text>
          <Text fw={700} size="xl">
            {value}
          </Text>
          <Text size="xs" c="dimmed">
            {texts.monitoring.of(number(calls.length))}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

function Newest({ calls, uuid }: { calls: Usage[]; uuid: string }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.monitoring.when}</Table.Th>
            <Table.Th>{texts.monitoring.outcome}</Table.Th>
            <Table.Th>{texts.monitoring.took}</Table.Th>
            <Table.Th>{texts.monitoring.caller}</Table.Th>
            <Table.Th>{texts.monitoring.request}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {calls.map(({ requestID, timestamp, outcome, runUs, caller, test, errorCode }) => (
            <Table.Tr key={`${requestID} ${timestamp}`}>
              <Table.Td>{moment(timestamp)}</Table.Td>
              <Table.Td>
                <Badge color={outcome === 'SUCCEEDED' ? 'teal.9' : 'red.9'} style={{ textTransform: 'none' }}>
                  {texts.monitoring.outcomes[outcome]}
                </Badge>
                {errorCode && <Text size="xs">{errorCode}</Text>}
              </Table.Td>
              <Table.Td>{duration(runUs)}</Table.Td>
              <Table.Td>
                {caller} {test && `(${texts.monitoring.test})`}
              </Table.Td>
              <Table.Td>
                <Group gap="xs">
                  <Text size="sm" ff="monospace">
                    {requestID}
                  </Text>
                  {!test && (
                    <Anchor
                      component={Link}
                      to={`/monitoring/logs?lambda=${uuid}`}
                      size="sm"
                      aria-label={`${texts.monitoring.showLogs} ${requestID}`}
                    >
                      {texts.monitoring.showLogs}
                    </Anchor>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
