// Changing something of the account, after which what was read of it is read again.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { account } from '../session/session';

/** A change of what is kept under a key of the account. */
export function useChange<T, R>(key: string, change: (given: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: [account(), key] }),
  });
}

export const here = () => ({ params: { path: { account: account() } } });
export const named = (id: string) => ({ params: { path: { account: account(), id } } });
