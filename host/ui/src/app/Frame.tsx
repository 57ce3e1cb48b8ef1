// Pages that belong together, with the way from one to the other.
import { Group, NavLink, ScrollArea, Stack } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link, Navigate, Outlet, useLocation } from 'react-router';
import { home, may, type Right } from '../session/rights';
import { useSession } from '../session/session';

interface Props {
  label: string;
  pages: { to: string; label: string; right: Right }[];
}

export function Frame({ label, pages }: Props) {
  const session = useSession();
  const { pathname } = useLocation();
  const tabs = useRef<HTMLDivElement>(null);
  // On a narrow screen there are more of them than fit.
  useEffect(() => {
    const chosen = pathname && tabs.current?.querySelector('[aria-current="page"]');
    if (chosen) chosen.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  const mine = pages.filter(({ right }) => may(session, right));
  const here = mine.find(({ to }) => to === pathname);
  if (session === null) return null;
  // The frame's own address, or a page that is not theirs.
  if (here === undefined) return <Navigate to={mine[0]?.to ?? home(session)} replace />;
  return (
    <Stack>
      <ScrollArea type="never">
        <Group component="nav" ref={tabs} aria-label={label} gap={4} wrap="nowrap">
          {mine.map(({ to, label: name }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={name}
              active={to === pathname}
              aria-current={to === pathname ? 'page' : undefined}
              variant="filled"
              w="auto"
              style={{ borderRadius: 4 }}
              styles={{ label: { whiteSpace: 'nowrap' } }}
            />
          ))}
        </Group>
      </ScrollArea>
      <Outlet />
    </Stack>
  );
}
