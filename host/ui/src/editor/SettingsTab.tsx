// What the function is: event, description, what it can require, its environment variables.
import { ActionIcon, Group, Stack, Switch, Text, Textarea, Title } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { eventsQuery, type Lambda, type Setting } from '../api/lambdas';
import { judgeDescription } from '../develop/names';
import { ago, moment } from '../format';
import { texts } from '../texts';
import type { Draft } from './draft';
import { Environment } from './Environment';
import { MODULES } from './modules';

interface Props {
  lambda: Lambda;
  description: string;
  environment: Setting[];
  reuse: boolean;
  mayWrite: boolean;
  onChange: (part: Partial<Draft>) => void;
}

export function SettingsTab({ lambda, description, environment, reuse, mayWrite, onChange }: Props) {
  const events = useQuery(eventsQuery());
  const event = events.data?.find(({ eventId }) => eventId === lambda.eventId);
  const facts: [string, string, string?][] = [
    [
      texts.settingsTab.changed,
      texts.develop.changedBy(ago(lambda.updatedAt), lambda.updatedBy),
      moment(lambda.updatedAt),
    ],
    [texts.settingsTab.event, event?.eventName ?? lambda.eventId ?? texts.develop.noEvent],
    [texts.settingsTab.runtime, lambda.runtime.name],
    [texts.settingsTab.version, String(lambda.version)],
  ];
  return (
    <Stack>
      <dl style={{ margin: 0 }}>
        {facts.map(([name, value, title]) => (
          <Group key={name} justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
            <Text component="dt" size="sm" fw={600}>
              {name}
            </Text>
            <Text component="dd" size="sm" m={0} ta="right" title={title}>
              {value}
            </Text>
          </Group>
        ))}
      </dl>
      <Textarea
        label={texts.settingsTab.description}
        value={description}
        readOnly={!mayWrite}
        autosize
        onChange={(change) => onChange({ description: change.currentTarget.value })}
        error={judgeDescription(description)}
      />
      <div>
        <Title order={2} size="h5">
          {texts.settingsTab.dependencies}
        </Title>
        <Text size="sm">{texts.settingsTab.dependenciesLead}</Text>
        <Stack component="ul" gap={2} p={0} m={0} style={{ listStyle: 'none' }}>
          {MODULES.map(({ name, version, documentation }) => (
            <Group component="li" key={name} justify="space-between" gap="xs">
              <Text size="sm">
                {name} {version}
              </Text>
              <ActionIcon
                component="a"
                href={documentation}
                target="_blank"
                rel="noreferrer"
                variant="subtle"
                size="sm"
                aria-label={texts.settingsTab.documentation(name)}
              >
                <IconInfoCircle size={16} />
              </ActionIcon>
            </Group>
          ))}
        </Stack>
      </div>
      <Environment
        variables={environment}
        mayWrite={mayWrite}
        onChange={(changed) => onChange({ environment: changed })}
      />
      <Switch
        label={texts.settingsTab.reuse}
        description={texts.settingsTab.reuseLead}
        checked={reuse}
        disabled={!mayWrite}
        onChange={(change) => onChange({ reuse: change.currentTarget.checked })}
      />
    </Stack>
  );
}
