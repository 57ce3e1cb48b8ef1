// What every page stands in: the theme, what was read from the server, and the pages by their addresses.
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import { asProblem } from '../api/problem';
import { session } from '../session/session';
import { router } from './router';
import { readable, theme } from './theme';

const TRIES = 2;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays one; a server that restarts is back soon.
      retry: (failures, error) => {
        const { status } = asProblem(error);
        return failures < TRIES && (status === 0 || status >= 500);
      },
      // Whether the machine is online says nothing about a server on the same machine.
      networkMode: 'always',
      staleTime: 1_000,
    },
    mutations: { networkMode: 'always' },
  },
});

// What one user may see is nothing for the next one; and after signing in anew, what failed is read again.
let known = session.get()?.userId;
session.subscribe(() => {
  const now = session.get()?.userId;
  if (now !== known) client.clear();
  else if (!session.isExpired()) void client.invalidateQueries();
  known = now;
});

const schemes = localStorageColorSchemeManager({ key: 'lambkin.theme' });

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readable}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
    >
      <QueryClientProvider client={client}>
        <Notifications position="bottom-right" limit={4} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
