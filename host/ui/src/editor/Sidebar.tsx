// Beside the code: what the function is, and what it is called with.
import { Paper, Tabs } from '@mantine/core';
import type { Lambda } from '../api/lambdas';
import { texts } from '../texts';
import type { Draft } from './draft';
import { PayloadTab } from './PayloadTab';
import { SettingsTab } from './SettingsTab';

interface Props {
  lambda: Lambda;
  draft: Draft;
  mayWrite: boolean;
  onChange: (part: Partial<Draft>) => void;
}

export function Sidebar({ lambda, draft, mayWrite, onChange }: Props) {
  return (
    <Paper withBorder component="aside" w={{ base: '100%', md: 360 }} style={{ flexShrink: 0 }}>
      <Tabs defaultValue="settings">
        <Tabs.List>
          <Tabs.Tab value="settings">{texts.settingsTab.title}</Tabs.Tab>
          <Tabs.Tab value="payload">{texts.payloadTab.title}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="settings" p="md">
          <SettingsTab lambda={lambda} draft={draft} mayWrite={mayWrite} onChange={onChange} />
        </Tabs.Panel>
        <Tabs.Panel value="payload" p="md">
          <PayloadTab sample={lambda.samplePayload} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}
