// Environment variables: a list, and a dialogue for one of them.
import { ActionIcon, Button, Group, Modal, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { Setting } from '../api/lambdas';
import { texts } from '../texts';
import { judgeVariable } from './environment';

interface Props {
  variables: Setting[];
  mayWrite: boolean;
  onChange: (variables: Setting[]) => void;
}

export function Environment({ variables, mayWrite, onChange }: Props) {
  /** The place of the one that is edited; one past the end is a new one. */
  const [edited, setEdited] = useState<number | null>(null);
  const keep = (variable: Setting) => {
    if (edited === null) return;
    onChange([...variables.slice(0, edited), variable, ...variables.slice(edited + 1)]);
    setEdited(null);
  };
  const others = variables.filter((_, at) => at !== edited).map(({ key }) => key);
  return (
    <div>
      <Title order={2} size="h5">
        {texts.settingsTab.environment}
      </Title>
      <Text size="sm">{texts.settingsTab.environmentLead}</Text>
      {variables.length === 0 && <Text size="sm">{texts.settingsTab.none}</Text>}
      <Table layout="fixed">
        <Table.Tbody>
          {variables.map(({ key, value }, at) => (
            <Table.Tr key={key}>
              <Table.Td>
                <Text size="sm" fw={600} className="wrapped">
                  {key}
                </Text>
                <Text size="sm" className="wrapped">
                  {value}
                </Text>
              </Table.Td>
              {mayWrite && (
                <Table.Td w={84}>
                  <Group gap={4} wrap="nowrap">
                    <ActionIcon
                      variant="default"
                      aria-label={texts.settingsTab.edit(key)}
                      onClick={() => setEdited(at)}
                    >
                      <IconPencil size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="default"
                      aria-label={texts.settingsTab.remove(key)}
                      onClick={() => onChange(variables.filter((_, n) => n !== at))}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {mayWrite && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={() => setEdited(variables.length)}>
          {texts.settingsTab.add}
        </Button>
      )}
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={texts.settingsTab.environment}
        closeButtonProps={{ 'aria-label': texts.close }}
      >
        {edited !== null && (
          <VariableForm
            key={edited}
            start={variables[edited] ?? { key: '', value: '' }}
            taken={others}
            onDone={keep}
          />
        )}
      </Modal>
    </div>
  );
}

function VariableForm({
  start,
  taken,
  onDone,
}: {
  start: Setting;
  taken: string[];
  onDone: (variable: Setting) => void;
}) {
  const [name, setName] = useState(start.key);
  const [value, setValue] = useState(start.value);
  const [isTried, setTried] = useState(false);
  const judgement = judgeVariable(name, value, taken);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (judgement === null) onDone({ key: name, value });
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        <TextInput
          label={texts.settingsTab.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={name !== '' || isTried ? judgement : null}
          data-autofocus
        />
        <TextInput
          label={texts.settingsTab.value}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit">{texts.settingsTab.done}</Button>
      </Stack>
    </form>
  );
}
