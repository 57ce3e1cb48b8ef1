// Which address is which page. Pages are loaded when they are opened.
import { createBrowserRouter, Navigate, Outlet, useLocation } from 'react-router';
import { home, may, type Right } from '../session/rights';
import { SignIn } from '../session/SignIn';
import { useSession } from '../session/session';
import { Crash } from './Crash';
import { NotFound } from './NotFound';
import { Shell } from './Shell';

/** Somebody who is signed in and may see it, or the way to get there. */
function Allowed({ right }: { right?: Right }) {
  const session = useSession();
  const place = useLocation();
  if (session === null)
    return <Navigate to="/sign-in" state={{ from: place.pathname + place.search }} replace />;
  if (session.mustChangePassword && place.pathname !== '/password')
    return <Navigate to="/password" replace />;
  if (right !== undefined && !may(session, right)) return <Navigate to={home(session)} replace />;
  return <Outlet />;
}

function Home() {
  const session = useSession();
  return <Navigate to={session === null ? '/sign-in' : home(session)} replace />;
}

export const router = createBrowserRouter([
  { path: '/sign-in', element: <SignIn />, ErrorBoundary: Crash },
  {
    element: <Shell />,
    ErrorBoundary: Crash,
    HydrateFallback: () => null,
    children: [
      { index: true, element: <Home /> },
      // For everybody: whoever has no account may read what this is.
      { path: '/docs', lazy: async () => ({ Component: (await import('../guide/Guide')).Guide }) },
      {
        element: <Allowed />,
        children: [
          {
            path: '/password',
            lazy: async () => ({ Component: (await import('../session/ChangePassword')).ChangePassword }),
          },
          {
            path: '/no-access',
            lazy: async () => ({ Component: (await import('../session/NoAccess')).NoAccess }),
          },
        ],
      },
      {
        element: <Allowed right="account.manage" />,
        children: [
          {
            path: '/accounts',
            lazy: async () => ({ Component: (await import('../session/Accounts')).Accounts }),
          },
        ],
      },
      {
        element: <Allowed right="lambda.read" />,
        children: [
          {
            path: '/develop',
            lazy: async () => ({ Component: (await import('../develop/Overview')).Overview }),
          },
          {
            path: '/develop/:uuid',
            lazy: async () => ({ Component: (await import('../editor/EditorPage')).EditorPage }),
          },
          {
            path: '/deploy',
            lazy: async () => ({ Component: (await import('../deploy/Deployments')).Deployments }),
          },
          {
            path: '/deploy/:uuid',
            lazy: async () => ({ Component: (await import('../deploy/History')).History }),
          },
        ],
      },
      {
        element: <Allowed right="lambda.write" />,
        children: [
          {
            path: '/develop/new',
            lazy: async () => ({ Component: (await import('../develop/Wizard')).Wizard }),
          },
        ],
      },
      {
        element: <Allowed right="lambda.deploy" />,
        children: [
          {
            path: '/deploy/new',
            lazy: async () => ({ Component: (await import('../deploy/Choose')).Choose }),
          },
          {
            path: '/deploy/:uuid/review',
            lazy: async () => ({ Component: (await import('../deploy/Review')).Review }),
          },
        ],
      },
      {
        element: <Allowed right="lambda.invoke" />,
        children: [
          {
            path: '/invoke/:uuid',
            lazy: async () => ({ Component: (await import('../invoke/InvokePage')).InvokePage }),
          },
        ],
      },
      {
        element: <Allowed />,
        children: [
          {
            path: '/settings',
            lazy: async () => ({ Component: (await import('../settings/SettingsFrame')).SettingsFrame }),
            children: [
              {
                path: 'whitelist',
                lazy: async () => ({ Component: (await import('../settings/Whitelist')).WhitelistPage }),
              },
              {
                path: 'secrets',
                lazy: async () => ({ Component: (await import('../settings/Secrets')).Secrets }),
              },
              {
                path: 'schedules',
                lazy: async () => ({ Component: (await import('../settings/Schedules')).Schedules }),
              },
              { path: 'apps', lazy: async () => ({ Component: (await import('../settings/Apps')).Apps }) },
              { path: 'users', lazy: async () => ({ Component: (await import('../settings/Users')).Users }) },
              {
                path: 'profiles',
                lazy: async () => ({ Component: (await import('../settings/Profiles')).Profiles }),
              },
              {
                path: 'limits',
                lazy: async () => ({ Component: (await import('../settings/Limits')).Limits }),
              },
            ],
          },
          {
            path: '/monitoring',
            lazy: async () => ({
              Component: (await import('../monitoring/MonitoringFrame')).MonitoringFrame,
            }),
            children: [
              {
                path: 'invocations',
                lazy: async () => ({ Component: (await import('../monitoring/Invocations')).Invocations }),
              },
              { path: 'logs', lazy: async () => ({ Component: (await import('../monitoring/Logs')).Logs }) },
              {
                path: 'activities',
                lazy: async () => ({ Component: (await import('../monitoring/Activities')).Activities }),
              },
            ],
          },
        ],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
