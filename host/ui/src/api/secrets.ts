// Secrets: sealed for those who may know of them, in plain for those who may see them.
import { queryOptions } from '@tanstack/react-query';
import { account } from '../session/session';
import { api, body, type Schemas } from './client';
import { here, named, useChange } from './resource';

export type Secret = Schemas['Secret'];

export const secretsQuery = () =>
  queryOptions({
    queryKey: [account(), 'secrets'],
    queryFn: () => body(api.GET('/api/account/{account}/secrets', here())),
  });

/** A value as it is sent: the document has no type for "any JSON". */
type Value = Schemas['NewSecret']['value'];

/** What a secret holds, and where the server puts it by itself: in no place when both are null. */
interface Contents {
  key: string;
  value: unknown;
  host: string | null;
  header: string | null;
}

export const useAddSecret = () =>
  useChange('secrets', ({ value, ...rest }: Contents) =>
    body(api.POST('/api/account/{account}/secrets', { ...here(), body: { ...rest, value: value as Value } })),
  );

export const useRotateSecret = () =>
  useChange('secrets', ({ value, ...rest }: Contents & { version: number }) =>
    body(
      api.PUT('/api/account/{account}/secrets/{id}', {
        ...named(rest.key),
        body: { ...rest, value: value as Value },
      }),
    ),
  );

export const useDeleteSecret = () =>
  useChange('secrets', (key: string) => body(api.DELETE('/api/account/{account}/secrets/{id}', named(key))));

/** Reads a value in plain, which the server notes. Never kept. */
export const readPlain = (key: string): Promise<Secret> =>
  body(api.GET('/api/account/{account}/secrets/{id}/plain', named(key)));
