// What was read from the server, or that it is on its way, or why it is not there.
import { Center, Loader, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { texts } from '../texts';
import { ProblemAlert } from './ProblemAlert';

interface Props<T> {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

export function Loaded<T>({ query, children }: Props<T>) {
  if (query.data !== undefined) {
    return (
      <Stack gap="md">
        {query.isError && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
        {children(query.data)}
      </Stack>
    );
  }
  if (query.isError) return <ProblemAlert error={query.error} onRetry={() => query.refetch()} />;
  return <Waiting />;
}

export function Waiting() {
  return (
    <Center mih={120}>
      <Loader aria-label={texts.loading} role="status" />
    </Center>
  );
}
