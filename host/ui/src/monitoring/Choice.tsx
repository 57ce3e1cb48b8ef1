// Which function and which time a page is about. Both stand in the address, so that they can be sent to somebody.
import { Group, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { lambdasQuery } from '../api/lambdas';
import { texts } from '../texts';
import type { Period } from './period';

export interface Chosen {
  uuid: string | null;
  period: Period;
  isEmpty: boolean;
}

export function useChoice(periods: readonly Period[]): { chosen: Chosen; controls: React.ReactNode } {
  const [query, setQuery] = useSearchParams();
  const lambdas = useQuery(lambdasQuery());
  const sorted = [...(lambdas.data ?? [])].sort((one, other) => one.name.localeCompare(other.name));
  const uuid =
    query.get('lambda') ??
    sorted.find(({ lastDeployment }) => lastDeployment)?.uuid ??
    sorted[0]?.uuid ??
    null;
  const asked = query.get('period') as Period | null;
  const period = asked !== null && periods.includes(asked) ? asked : 'day';
  const set = (name: string, value: string | null) => {
    if (value === null) return;
    setQuery((before) => {
      const after = new URLSearchParams(before);
      after.set(name, value);
      return after;
    });
  };
  const controls = (
    <Group align="flex-end">
      <Select
        label={texts.monitoring.lambda}
        data={sorted.map(({ uuid: value, name: label }) => ({ value, label }))}
        value={uuid}
        onChange={(value) => set('lambda', value)}
        allowDeselect={false}
        searchable
      />
      <SegmentedControl
        aria-label={texts.monitoring.period}
        data={periods.map((value) => ({ value, label: texts.monitoring.periods[value] }))}
        value={period}
        onChange={(value) => set('period', value)}
      />
    </Group>
  );
  return { chosen: { uuid, period, isEmpty: lambdas.data?.length === 0 }, controls };
}
