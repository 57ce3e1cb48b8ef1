// Schedules: when functions run by themselves.
import { queryOptions } from '@tanstack/react-query';
import { account } from '../session/session';
import { api, body, type Schemas } from './client';
import { here, named, useChange } from './resource';

export type Schedule = Schemas['Schedule'];

export interface ScheduleDraft {
  lambdaUUID: string;
  cronExpression: string;
  isActive: boolean;
  invocationBody: { headers: never[]; payload: unknown };
}

export const schedulesQuery = () =>
  queryOptions({
    queryKey: [account(), 'schedules'],
    queryFn: () => body(api.GET('/api/account/{account}/schedules', here())),
  });

/** The next runs of an expression, by the server that would make them. */
export const previewQuery = (cronExpression: string) =>
  queryOptions({
    queryKey: [account(), 'schedule-preview', cronExpression],
    queryFn: ({ signal }) =>
      body(
        api.GET('/api/account/{account}/schedules/preview', {
          params: { path: { account: account() }, query: { cronExpression } },
          signal,
        }),
      ),
    retry: false,
  });

type Sent = Schemas['ScheduleBody'];

export const useSaveSchedule = () =>
  useChange('schedules', ({ id, draft }: { id: string | null; draft: Partial<ScheduleDraft> }) => {
    const sent = draft as Sent;
    return id === null
      ? body(api.POST('/api/account/{account}/schedules', { ...here(), body: sent }))
      : body(api.PUT('/api/account/{account}/schedules/{id}', { ...named(id), body: sent }));
  });

export const useDeleteSchedule = () =>
  useChange('schedules', (id: string) =>
    body(api.DELETE('/api/account/{account}/schedules/{id}', named(id))),
  );
