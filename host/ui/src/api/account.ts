// Sessions, and what an account allows: its whitelist and its limits.
import { queryOptions } from '@tanstack/react-query';
import type { Permission } from '../session/rights';
import { account, type Session, session } from '../session/session';
import { api, body } from './client';
import { here, named, useChange } from './resource';

export async function signIn(to: string, username: string, password: string): Promise<Session> {
  const told = await body(
    api.POST('/api/account/{account}/login', {
      params: { path: { account: to } },
      body: { username, password },
    }),
  );
  const { config } = told;
  const begun: Session = {
    account: to,
    csrf: told.csrf,
    userId: config.userId,
    loginName: config.loginName,
    privileges: config.userPrivileges as Permission[],
    isOperator: config.isOperator,
    mustChangePassword: config.mustChangePassword,
  };
  session.begin(begun);
  return begun;
}

export async function signOut(): Promise<void> {
  const held = session.get();
  if (held === null) return;
  try {
    await api.POST('/api/account/{account}/logout', { params: { path: { account: held.account } } });
  } finally {
    session.end();
  }
}

/** Keeps the session for as long again; a session that is gone is noticed. */
export async function refreshSession(): Promise<void> {
  const held = session.get();
  if (held === null || session.isExpired()) return;
  await api.POST('/api/account/{account}/refresh', {
    params: { path: { account: held.account } },
    body: { csrf: held.csrf },
  });
}

export async function changePassword(oldPassword: string, password: string): Promise<void> {
  const held = session.get();
  await body(
    api.PUT('/api/account/{account}/password', {
      params: { path: { account: held?.account ?? '' } },
      body: { oldPassword, password },
    }),
  );
}

export const whitelistQuery = () =>
  queryOptions({
    queryKey: [account(), 'whitelist'],
    queryFn: () => body(api.GET('/api/account/{account}/proxy-settings', here())),
  });

export const limitsQuery = () =>
  queryOptions({
    queryKey: [account(), 'limits'],
    queryFn: () => body(api.GET('/api/account/{account}/limits', here())),
  });

export const accountsQuery = () =>
  queryOptions({
    queryKey: ['accounts'],
    queryFn: () =>
      body(
        api.GET('/api/account/{account}/accounts', {
          params: { path: { account: session.get()?.account ?? '' } },
        }),
      ),
  });

export const monthQuery = () =>
  queryOptions({
    queryKey: [account(), 'month'],
    queryFn: () => body(api.GET('/api/account/{account}/reports/invocationCounts', here())),
  });

export const useAllowDomain = () =>
  useChange('whitelist', (domain: string) =>
    body(api.POST('/api/account/{account}/proxy-settings', { ...here(), body: { domain } })),
  );

export const useForbidDomain = () =>
  useChange('whitelist', (id: number) =>
    body(api.DELETE('/api/account/{account}/proxy-settings/{id}', named(String(id)))),
  );
