// What became of invocations, what was logged, who did what.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Period } from '../monitoring/period';
import { windowOf } from '../monitoring/period';
import { account } from '../session/session';
import { api, body, type Schemas } from './client';

export type LogLine = Schemas['LogLine'];
export type Activity = Schemas['Activity'];
export type Bucket = Schemas['InvocationStatistics'];

const REFRESH = 15_000;

export const statisticsQuery = (uuid: string, period: Period) =>
  queryOptions({
    queryKey: [account(), 'statistics', uuid, period],
    queryFn: () => {
      const { from, to, bucketSize } = windowOf(period);
      return body(
        api.GET('/api/account/{account}/reports/invocations/{uuid}', {
          params: {
            path: { account: account(), uuid },
            query: { startTimestamp: from, endTimestamp: to, bucketSize },
          },
        }),
      );
    },
    refetchInterval: REFRESH,
  });

/** The newest calls, as many as the server gives at once. */
const NEWEST = 1_000;

export const callsQuery = (uuid: string, period: Period) =>
  queryOptions({
    queryKey: [account(), 'calls', uuid, period],
    queryFn: () => {
      const { from, to } = windowOf(period);
      return body(
        api.GET('/api/account/{account}/invocations', {
          params: {
            path: { account: account() },
            query: { lambdaUUID: uuid, startTimestamp: from, endTimestamp: to, limit: NEWEST },
          },
        }),
      );
    },
    refetchInterval: REFRESH,
  });

export interface LogFilter {
  lambdaUUID: string;
  period: Period;
  levels: string[];
}

function logParams({ lambdaUUID, period, levels }: LogFilter) {
  const { from, to } = windowOf(period);
  const query = { lambdaUUID, startTimestamp: from, endTimestamp: to, filterLevels: levels };
  return { params: { path: { account: account() }, query } };
}

export const logsQuery = (filter: LogFilter) =>
  queryOptions({
    queryKey: [account(), 'logs', filter],
    queryFn: () => body(api.GET('/api/account/{account}/logs', logParams(filter))),
    refetchInterval: REFRESH,
  });

/** What is shown, as a file for spreadsheets. */
export const exportLogs = (filter: LogFilter): Promise<Blob> =>
  body(api.GET('/api/account/{account}/logs/export', { ...logParams(filter), parseAs: 'blob' }));

export interface ActivityFilter {
  user: string;
  subject: string | null;
  action: string | null;
  name: string;
}

const PAGE = 50;

export const activitiesQuery = ({ user, subject, action, name }: ActivityFilter) =>
  infiniteQueryOptions({
    queryKey: [account(), 'activities', user, subject, action, name],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/account/{account}/activities', {
          params: {
            path: { account: account() },
            query: {
              user: user || undefined,
              subject: subject ?? undefined,
              action: action ?? undefined,
              name: name || undefined,
              before: pageParam || undefined,
              limit: PAGE,
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page: Activity[]) => (page.length < PAGE ? undefined : page[page.length - 1]?.id),
  });
