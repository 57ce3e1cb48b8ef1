// Users and the profiles that say what they may do.
import { queryOptions } from '@tanstack/react-query';
import { account } from '../session/session';
import { api, body, type Schemas } from './client';
import { here, named, useChange } from './resource';

export type User = Schemas['User'];
export type Profile = Schemas['Profile'];

export const usersQuery = () =>
  queryOptions({
    queryKey: [account(), 'users'],
    queryFn: () => body(api.GET('/api/account/{account}/users', here())),
  });

export const profilesQuery = () =>
  queryOptions({
    queryKey: [account(), 'profiles'],
    queryFn: () => body(api.GET('/api/account/{account}/profiles', here())),
  });

export interface UserDraft {
  loginName: string;
  fullName: string;
  email: string;
  profiles: string[];
  enabled: boolean;
}

export const useAddUser = () =>
  useChange('users', ({ loginName, fullName, email, profiles }: UserDraft) =>
    body(
      api.POST('/api/account/{account}/users', { ...here(), body: { loginName, fullName, email, profiles } }),
    ),
  );

export const useChangeUser = () =>
  useChange('users', ({ id, draft }: { id: string; draft: Partial<UserDraft> }) => {
    const { loginName: _, ...change } = draft;
    return body(api.PUT('/api/account/{account}/users/{id}', { ...named(id), body: change }));
  });

export const useDeleteUser = () =>
  useChange('users', (id: string) => body(api.DELETE('/api/account/{account}/users/{id}', named(id))));

export const useResetPassword = () =>
  useChange('users', (id: string) => body(api.POST('/api/account/{account}/users/{id}/password', named(id))));

export const useSaveProfile = () =>
  useChange(
    'profiles',
    ({ id, name, permissions }: { id: string | null; name: string; permissions: string[] }) =>
      id === null
        ? body(api.POST('/api/account/{account}/profiles', { ...here(), body: { name, permissions } }))
        : body(
            api.PUT('/api/account/{account}/profiles/{id}', { ...named(id), body: { name, permissions } }),
          ),
  );

export const useDeleteProfile = () =>
  useChange('profiles', (id: string) => body(api.DELETE('/api/account/{account}/profiles/{id}', named(id))));
