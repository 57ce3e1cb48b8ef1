// What a function wrote, by level, with extras that can be opened.
import { Badge, Box, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { LogEntry } from '../api/invocations';
import { JsonTree } from '../json/JsonTree';
import { cut } from '../json/size';
import { texts } from '../texts';

const COLOURS: Record<string, string> = {
  Debug: 'gray.8',
  Info: 'indigo.8',
  Warn: 'orange.9',
  Error: 'red.9',
};
const MAX_TEXT = 6_000;
const times = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

export function LogList({ logs }: { logs: readonly LogEntry[] }) {
  if (logs.length === 0) return <Text size="sm">{texts.invoke.logsNone}</Text>;
  return (
    <Stack gap={6} component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
      {logs.map((entry, at) => (
        <Entry key={at} entry={entry} />
      ))}
    </Stack>
  );
}

function Entry({ entry }: { entry: LogEntry }) {
  const [isOpen, setOpen] = useState(false);
  const { level, message, extras, timestamp } = entry;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const { shown, isCut } = cut(text ?? 'undefined', MAX_TEXT);
  return (
    <li>
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <Badge
          color={COLOURS[level] ?? 'gray.8'}
          w={64}
          radius="sm"
          style={{ textTransform: 'none', flexShrink: 0 }}
        >
          {level}
        </Badge>
        <Text size="xs" c="dimmed" ff="monospace" style={{ flexShrink: 0 }}>
          {times.format(timestamp)}
        </Text>
        <Box style={{ minWidth: 0, flex: 1 }}>
          <Text size="sm" ff="monospace" className="wrapped">
            {shown}
            {isCut && ' …'}
          </Text>
          {extras.length > 0 && (
            <UnstyledButton
              fz="xs"
              c="var(--mantine-color-anchor)"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? '▾ ' : '▸ '}
              {texts.invoke.extras} ({extras.length})
            </UnstyledButton>
          )}
          {isOpen && <JsonTree value={extras} label={texts.invoke.extras} depth={3} />}
        </Box>
      </Group>
    </li>
  );
}
