// Payloads that somebody keeps for this function.
import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { texts } from '../texts';
import { dropPayload, keepPayload, savedPayloads } from './savedPayloads';

interface Props {
  uuid: string;
  text: string;
  onChoose: (text: string) => void;
}

export function SavedPayloads({ uuid, text, onChoose }: Props) {
  const [kept, setKept] = useState(() => savedPayloads(uuid));
  const [isNaming, naming] = useDisclosure(false);
  const [name, setName] = useState('');
  const keep = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setKept(keepPayload(uuid, name.trim(), text));
    setName('');
    naming.close();
  };
  const names = Object.keys(kept).sort();
  return (
    <>
      <Menu withinPortal>
        <Menu.Target>
          <Button variant="default" size="compact-sm">
            {texts.invoke.saved}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{names.length === 0 ? texts.invoke.savedNone : texts.invoke.savedHint}</Menu.Label>
          {names.map((one) => (
            <Group key={one} gap={0} wrap="nowrap">
              <Menu.Item onClick={() => onChoose(kept[one] ?? '')}>{one}</Menu.Item>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`${texts.remove} ${one}`}
                onClick={() => setKept(dropPayload(uuid, one))}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </Group>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={naming.open}>{texts.invoke.saveAs} …</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isNaming}
        onClose={naming.close}
        title={texts.invoke.saveAs}
        closeButtonProps={{ 'aria-label': texts.close }}
      >
        <form noValidate onSubmit={keep}>
          <Stack>
            <Text size="sm">{texts.invoke.saveAsLead}</Text>
            <TextInput
              label={texts.invoke.payloadName}
              value={name}
              maxLength={60}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
            <Button type="submit">{texts.save}</Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
