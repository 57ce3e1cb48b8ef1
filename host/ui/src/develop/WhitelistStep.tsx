// The second step, which can be skipped: the domains that the function is going to call.
import { Stack, Switch, Text } from '@mantine/core';
import { Whitelist } from '../settings/Whitelist';
import { texts } from '../texts';

interface Props {
  callsOut: boolean;
  onToggle: (callsOut: boolean) => void;
}

export function WhitelistStep({ callsOut, onToggle }: Props) {
  return (
    <Stack py="md" maw={720}>
      <Switch
        label={texts.wizard.toggle}
        description={texts.wizard.toggleLead}
        checked={callsOut}
        onChange={(event) => onToggle(event.currentTarget.checked)}
      />
      {callsOut ? <Whitelist /> : <Text>{texts.wizard.skipLead}</Text>}
    </Stack>
  );
}
