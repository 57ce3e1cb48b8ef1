// The example of what the function is called with. To read, not to change.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { JsonTree } from '../json/JsonTree';
import { isLarge } from '../json/size';
import { texts } from '../texts';

export function PayloadTab({ sample }: { sample: unknown }) {
  const [isOpen, setOpen] = useState(!isLarge(sample));
  // A tree is open or closed from its start; another key is another tree.
  const [turn, setTurn] = useState(0);
  const all = (open: boolean) => {
    setOpen(open);
    setTurn(turn + 1);
  };
  if (sample === undefined || sample === null) return <Text>{texts.payloadTab.none}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm">{texts.payloadTab.lead}</Text>
      <Group gap="xs">
        <Button size="compact-xs" variant="default" onClick={() => all(true)}>
          {texts.payloadTab.expand}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => all(false)}>
          {texts.payloadTab.collapse}
        </Button>
      </Group>
      <JsonTree key={turn} value={sample} label={texts.payloadTab.title} depth={isOpen ? 20 : 1} />
    </Stack>
  );
}
