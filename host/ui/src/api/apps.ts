// App installations: programs that get tokens.
import { queryOptions } from '@tanstack/react-query';
import { account } from '../session/session';
import { api, body, type Schemas } from './client';
import { here, named, useChange } from './resource';

export type App = Schemas['App'];

export const appsQuery = () =>
  queryOptions({
    queryKey: [account(), 'apps'],
    queryFn: () => body(api.GET('/api/account/{account}/app-installations', here())),
  });

export const useInstallApp = () =>
  useChange('apps', (metadata: Schemas['AppMetadata']) =>
    body(api.POST('/api/account/{account}/app-installations', { ...here(), body: metadata })),
  );

export const useSwitchApp = () =>
  useChange('apps', ({ client_id, version, enabled }: Pick<App, 'client_id' | 'version' | 'enabled'>) =>
    body(
      api.PUT('/api/account/{account}/app-installations/{id}', {
        ...named(client_id),
        body: { enabled, version },
      }),
    ),
  );

export const useRenewAppSecret = () =>
  useChange('apps', (id: string) =>
    body(api.POST('/api/account/{account}/app-installations/{id}/secret', named(id))),
  );

export const useRemoveApp = () =>
  useChange('apps', (id: string) =>
    body(api.DELETE('/api/account/{account}/app-installations/{id}', named(id))),
  );
