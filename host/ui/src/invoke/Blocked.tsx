// Hosts that were not called since they are not on the whitelist, and the way to put them there.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useAllowDomain } from '../api/account';
import type { LogEntry } from '../api/invocations';
import { tell } from '../app/notify';
import { ProblemAlert } from '../app/ProblemAlert';
import { useMay } from '../session/rights';
import { texts } from '../texts';
import { blockedHosts } from './blocked';

export function Blocked({ logs }: { logs: readonly LogEntry[] }) {
  const mayWrite = useMay('whitelist.write');
  const addition = useAllowDomain();
  const hosts = blockedHosts(logs);
  if (hosts.length === 0) return null;
  return (
    <Alert color="orange.9" variant="outline" title={texts.invoke.blocked}>
      <Stack gap="xs">
        {hosts.map((host) => (
          <Group key={host} justify="space-between">
            <Text size="sm" ff="monospace">
              {host}
            </Text>
            {mayWrite && (
              <Button
                size="compact-sm"
                variant="default"
                loading={addition.isPending}
                onClick={() => addition.mutate(host, { onSuccess: () => tell(texts.domains.added(host)) })}
              >
                {texts.invoke.allow(host)}
              </Button>
            )}
          </Group>
        ))}
        {!mayWrite && <Text size="sm">{texts.invoke.askAdmin}</Text>}
        <ProblemAlert error={addition.error} />
      </Stack>
    </Alert>
  );
}
