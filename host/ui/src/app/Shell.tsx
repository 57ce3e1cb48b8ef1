// The frame of every page: who is signed in, and the tabs of what they may do.
import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Drawer,
  Group,
  Menu,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, Outlet, useLocation, useNavigate } from 'react-router';
import { refreshSession, signOut } from '../api/account';
import { Expired } from '../session/Expired';
import { may, type Right } from '../session/rights';
import { useSession } from '../session/session';
import { texts } from '../texts';

const REFRESH = 20 * 60_000;

const TABS: { to: string; label: string; right: Right }[] = [
  { to: '/develop', label: texts.nav.develop, right: 'lambda.read' },
  { to: '/deploy', label: texts.nav.deploy, right: 'lambda.read' },
  { to: '/monitoring', label: texts.nav.monitoring, right: 'log.read' },
  { to: '/settings', label: texts.nav.settings, right: 'app.read' },
  { to: '/accounts', label: texts.nav.accounts, right: 'account.manage' },
];

function UserMenu() {
  const session = useSession();
  const navigate = useNavigate();
  if (session === null) return null;
  const leave = async () => {
    await signOut().catch(() => undefined);
    navigate('/sign-in');
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          leftSection={<IconUser size={16} />}
          aria-label={texts.user.menu(`${session.loginName} · ${session.managed ?? session.account}`)}
        >
          <Text span size="sm" visibleFrom="sm">
            {session.loginName} · {session.managed ?? session.account}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{texts.user.menu(session.loginName)}</Menu.Label>
        <Menu.Label>{texts.user.account(session.managed ?? session.account)}</Menu.Label>
        {may(session, 'account.manage') && (
          <Menu.Item component={Link} to="/accounts">
            {texts.user.switchAccount}
          </Menu.Item>
        )}
        <Menu.Item component={Link} to="/password">
          {texts.user.password}
        </Menu.Item>
        {!may(session, 'account.manage') && (
          <Menu.Item component={Link} to="/sign-in?switch">
            {texts.user.switchAccount}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item onClick={leave}>{texts.user.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ThemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const Icon = scheme === 'dark' ? IconSun : IconMoon;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="var(--mantine-color-text)"
      size="lg"
      aria-label={texts.user.theme}
      onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
    >
      <Icon size={18} />
    </ActionIcon>
  );
}

export function Shell() {
  const session = useSession();
  const { pathname } = useLocation();
  const [isOpen, menu] = useDisclosure(false);
  // Every page begins at its top, and a menu that was used is done.
  useEffect(() => {
    menu.close();
    window.scrollTo(0, 0);
  }, [pathname]);
  useEffect(() => {
    const timer = setInterval(() => void refreshSession().catch(() => undefined), REFRESH);
    return () => clearInterval(timer);
  }, []);
  const tabs = TABS.filter(({ right }) => may(session, right) && session?.mustChangePassword === false);
  const isHere = (to: string) =>
    pathname === to || pathname.startsWith(`${to}/`) || (to === '/deploy' && pathname.startsWith('/invoke/'));
  return (
    <AppShell header={{ height: 56 }} padding="md">
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="lg" wrap="nowrap" h="100%">
            {tabs.length > 0 && (
              <Burger
                opened={isOpen}
                onClick={menu.toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={texts.nav.label}
              />
            )}
            <Link to="/" style={{ color: 'inherit', textDecoration: 'none' }}>
              <Text fw={700}>{texts.product}</Text>
            </Link>
            <Group component="nav" gap={4} visibleFrom="sm" aria-label={texts.nav.label}>
              {tabs.map(({ to, label }) => (
                <Button
                  key={to}
                  component={Link}
                  to={to}
                  variant={isHere(to) ? 'filled' : 'subtle'}
                  color={isHere(to) ? undefined : 'gray'}
                  c={isHere(to) ? undefined : 'var(--mantine-color-text)'}
                  size="compact-md"
                  aria-current={isHere(to) ? 'page' : undefined}
                >
                  {label}
                </Button>
              ))}
            </Group>
          </Group>
          <Group gap={4} wrap="nowrap">
            <Button
              component={Link}
              to="/docs"
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              size="compact-md"
              visibleFrom="xs"
            >
              {texts.nav.guide}
            </Button>
            <ThemeSwitch />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <Drawer
        opened={isOpen}
        onClose={menu.close}
        size={240}
        title={texts.product}
        hiddenFrom="sm"
        closeButtonProps={{ 'aria-label': texts.close }}
      >
        <nav aria-label={texts.nav.label}>
          {tabs.map(({ to, label }) => (
            <NavLink key={to} component={Link} to={to} label={label} active={isHere(to)} />
          ))}
          <NavLink component={Link} to="/docs" label={texts.nav.guide} active={isHere('/docs')} />
        </nav>
      </Drawer>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      <Expired />
    </AppShell>
  );
}
