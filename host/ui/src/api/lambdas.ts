// Lambdas, what they are made from, and putting them in service.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { account } from '../session/session';
import { api, body, type Schemas } from './client';
import { problemOf } from './problem';

export type Lambda = Schemas['Lambda'];
export type LambdaState = Schemas['LambdaState'];
export type Deployment = Schemas['Deployment'];
export type Setting = Schemas['Setting'];
export type Template = Schemas['Template'];
export type EventKind = Schemas['Event'];

const path = () => ({ account: account() });
const named = (uuid: string) => ({ params: { path: { account: account(), uuid } } });

/** How often what is on its way is looked at. */
const ON_ITS_WAY = 500;
const SOMETIMES = 15_000;

export function isRunning(deployment: Deployment | null | undefined): boolean {
  const state = deployment?.deploymentState;
  return state === 'Build Start' || state === 'Build Finish' || state === 'Deploy Start';
}

const isBusy = (lambda: Lambda) => isRunning(lambda.lastDeployment) || lambda.state === 'Marked Undeployed';

export const lambdasQuery = () =>
  queryOptions({
    queryKey: [account(), 'lambdas'],
    queryFn: () => body(api.GET('/api/account/{account}/lambdas', { params: { path: path() } })),
    refetchInterval: ({ state }) => (state.data?.some(isBusy) ? ON_ITS_WAY : SOMETIMES),
  });

export const lambdaQuery = (uuid: string) =>
  queryOptions({
    queryKey: [account(), 'lambda', uuid],
    queryFn: () => readLambda(uuid),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? ON_ITS_WAY : false),
  });

export async function readLambda(uuid: string): Promise<Lambda> {
  const found = await body(api.GET('/api/account/{account}/lambdas/{uuid}', named(uuid)));
  const [lambda] = found;
  if (lambda === undefined) throw problemOf(404, undefined);
  return lambda;
}

export const eventsQuery = () =>
  queryOptions({
    queryKey: [account(), 'events'],
    queryFn: () => body(api.GET('/api/account/{account}/events', { params: { path: path() } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const templatesQuery = () =>
  queryOptions({
    queryKey: [account(), 'templates'],
    queryFn: () => body(api.GET('/api/account/{account}/templates', { params: { path: path() } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const deploymentsQuery = (uuid: string) =>
  queryOptions({
    queryKey: [account(), 'deployments', uuid],
    queryFn: () => body(api.GET('/api/account/{account}/deployments/{uuid}', named(uuid))),
    refetchInterval: ({ state }) => (state.data?.some(isRunning) ? ON_ITS_WAY : false),
  });

export const versionQuery = (uuid: string, version: number) =>
  queryOptions({
    queryKey: [account(), 'version', uuid, version],
    queryFn: () =>
      body(
        api.GET('/api/account/{account}/lambdas/{id}/versions/{version}', {
          params: { path: { account: account(), id: uuid, version } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface NewLambda {
  name: string;
  description: string;
  template: Template;
}

/** After any of these, what was read before is out of date. */
function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [account()] });
}

export function useCreateLambda() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ name, description, template }: NewLambda) =>
      body(
        api.POST('/api/account/{account}/lambdas', {
          params: { path: path() },
          body: {
            version: -1,
            name,
            description,
            eventId: template.eventId ?? null,
            samplePayload: template.samplePayload as unknown as Record<string, never>,
            implementation: { code: template.code, dependencies: [], environmentVariables: [] },
          },
        }),
      ),
    onSuccess: refresh,
  });
}

/** Saves over the version that the given lambda has. `null` when nothing was different. */
export async function saveLambda(lambda: Lambda): Promise<Lambda | null> {
  const { uuid, version, name, description, reuse, implementation } = lambda;
  const { data, error, response } = await api.PUT('/api/account/{account}/lambdas/{uuid}', {
    ...named(uuid),
    body: { version, name, description, reuse, implementation },
  });
  if (response.status === 304) return null;
  if (!response.ok) throw problemOf(response.status, error, response.headers.get('x-request-id') ?? '');
  return data as Lambda;
}

export function useDeleteLambda() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (uuid: string) => body(api.DELETE('/api/account/{account}/lambdas/{uuid}', named(uuid))),
    onSuccess: refresh,
  });
}

export function useDeploy() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (uuid: string) => body(api.POST('/api/account/{account}/deployments/{uuid}', named(uuid))),
    onSettled: refresh,
  });
}

export function useUndeploy() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (uuid: string) => body(api.DELETE('/api/account/{account}/deployments/{uuid}', named(uuid))),
    onSettled: refresh,
  });
}

export function useRollBack() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ uuid, deployment }: { uuid: string; deployment: string }) =>
      body(
        api.POST('/api/account/{account}/lambdas/{id}/rollback', {
          params: { path: { account: account(), id: uuid } },
          body: { deployment },
        }),
      ),
    onSettled: refresh,
  });
}

export async function checkCode(code: string, signal: AbortSignal): Promise<Schemas['Verdict']> {
  return body(api.POST('/api/account/{account}/check', { params: { path: path() }, body: { code }, signal }));
}
