// Beside the code: what the function is, and what it is called with.
import { Paper, Tabs } from '@mantine/core';
import { memo } from 'react';
import type { Lambda, Setting } from '../api/lambdas';
import { texts } from '../texts';
import type { Draft } from './draft';
import { PayloadTab } from './PayloadTab';
import { SettingsTab } from './SettingsTab';

interface Props {
  lambda: Lambda;
  description: string;
  environment: Setting[];
  reuse: boolean;
  mayWrite: boolean;
  onChange: (part: Partial<Draft>) => void;
}

/** Drawn again when something in it has changed, and not with every key in the code beside it. */
export const Sidebar = memo(function Sidebar({ lambda, mayWrite, ...draft }: Props) {
  return (
    <Paper withBorder component="aside" w={{ base: '100%', md: 360 }} style={{ flexShrink: 0 }}>
      <Tabs defaultValue="settings">
        <Tabs.List>
          <Tabs.Tab value="settings">{texts.settingsTab.title}</Tabs.Tab>
          <Tabs.Tab value="payload">{texts.payloadTab.title}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="settings" p="md">
          <SettingsTab lambda={lambda} mayWrite={mayWrite} {...draft} />
        </Tabs.Panel>
        <Tabs.Panel value="payload" p="md">
          <PayloadTab sample={lambda.samplePayload} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
});
