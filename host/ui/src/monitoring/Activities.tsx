// Who did what when, with what an update changed in the code.
import { Button, Group, Select, Stack, Text, TextInput, Timeline, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Activity, type ActivityFilter, activitiesQuery } from '../api/monitoring';
import { Waiting } from '../app/Loaded';
import { Page } from '../app/Page';
import { ProblemAlert } from '../app/ProblemAlert';
import { ago, moment } from '../format';
import { texts } from '../texts';
import { diffLines } from './diffLines';

const PAUSE = 300;

export function Activities() {
  const [filter, setFilter] = useState<ActivityFilter>({ user: '', subject: null, action: null, name: '' });
  const [asked] = useDebouncedValue(filter, PAUSE);
  const query = useInfiniteQuery(activitiesQuery(asked));
  const set = (part: Partial<ActivityFilter>) => setFilter({ ...filter, ...part });
  const found = query.data?.pages.flat() ?? [];
  const named = (names: Record<string, string>) =>
    Object.entries(names).map(([value, label]) => ({ value, label }));
  return (
    <Page title={texts.monitoring.activities}>
      <Group>
        <TextInput
          label={texts.monitoring.filterUser}
          value={filter.user}
          onChange={(event) => set({ user: event.currentTarget.value })}
        />
        <Select
          label={texts.monitoring.filterAction}
          placeholder={texts.monitoring.any}
          data={named(texts.monitoring.did)}
          value={filter.action}
          onChange={(action) => set({ action })}
          clearable
          clearButtonProps={{ 'aria-label': texts.monitoring.any }}
        />
        <Select
          label={texts.monitoring.filterSubject}
          placeholder={texts.monitoring.any}
          data={named(texts.monitoring.subjects)}
          value={filter.subject}
          onChange={(subject) => set({ subject })}
          clearable
          clearButtonProps={{ 'aria-label': texts.monitoring.any }}
        />
        <TextInput
          label={texts.monitoring.filterName}
          value={filter.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      </Group>
      <ProblemAlert error={query.error} onRetry={() => query.refetch()} />
      {query.isPending && <Waiting />}
      {query.isSuccess && found.length === 0 && (
        <Text role="status">{texts.monitoring.activitiesNothing}</Text>
      )}
      <Timeline bulletSize={14} lineWidth={2}>
        {found.map((activity) => (
          <Timeline.Item key={activity.id} title={<Done activity={activity} />}>
            <Details activity={activity} />
          </Timeline.Item>
        ))}
      </Timeline>
      {query.hasNextPage && (
        <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
          {texts.monitoring.older}
        </Button>
      )}
    </Page>
  );
}

function Done({ activity }: { activity: Activity }) {
  const { user, action, subject, name } = activity;
  return (
    <Text size="sm" className="wrapped">
      <b>{user}</b> {texts.monitoring.did[action] ?? action} {texts.monitoring.subjects[subject] ?? subject}{' '}
      <b>{name}</b>
    </Text>
  );
}

function Details({ activity }: { activity: Activity }) {
  const [isOpen, setOpen] = useState(false);
  const { timestamp, changed = [], version, count, diff } = activity;
  const parts = [
    ago(timestamp),
    version !== undefined && texts.monitoring.version(version),
    changed.length > 0 && texts.monitoring.changedParts(changed.join(', ')),
    count > 1 && texts.monitoring.times(count),
  ].filter(Boolean);
  return (
    <Stack gap={4}>
      <Text size="xs" c="dimmed" title={moment(timestamp)}>
        {parts.join(' · ')}
      </Text>
      {diff !== undefined && (
        <UnstyledButton
          fz="xs"
          c="var(--mantine-color-anchor)"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? '▾ ' : '▸ '}
          {texts.monitoring.diff}
        </UnstyledButton>
      )}
      {isOpen && diff !== undefined && (
        <section className="code" tabIndex={0} aria-label={texts.monitoring.diff} style={{ maxHeight: 400 }}>
          {diffLines(diff).map(({ kind, text }, at) => (
            <span key={`${at} ${text}`} className={`diff-line ${kind}`}>
              {text}
            </span>
          ))}
        </section>
      )}
    </Stack>
  );
}
