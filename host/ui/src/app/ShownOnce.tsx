// What the server tells one time only: passwords and keys. Not closed by accident.
import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { texts } from '../texts';

interface Props {
  title: string;
  lead?: string;
  values: [string, string][];
  onClose: () => void;
}

export function ShownOnce({ title, lead, values, onClose }: Props) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text fw={600}>{texts.settings.once}</Text>
        {lead && <Text size="sm">{lead}</Text>}
        {values.map(([name, value]) => (
          <div key={name}>
            <Text size="sm" fw={600}>
              {name}
            </Text>
            <Group gap="xs" wrap="nowrap">
              <Code style={{ flex: 1, overflowWrap: 'anywhere' }}>{value}</Code>
              <CopyButton value={value}>
                {({ copied, copy }) => (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={copy}
                    aria-label={`${texts.copy} ${name}`}
                  >
                    {copied ? texts.copied : texts.copy}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </div>
        ))}
        <Button onClick={onClose} data-autofocus>
          {texts.settings.onceDone}
        </Button>
      </Stack>
    </Modal>
  );
}
