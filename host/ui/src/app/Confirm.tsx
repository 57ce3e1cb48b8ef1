// Asks before something that cannot be taken back, and shows why it failed if it did.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { texts } from '../texts';
import { ProblemAlert } from './ProblemAlert';

interface Props {
  title: string;
  lead: string;
  action: string;
  isOpen: boolean;
  isBusy?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ title, lead, action, isOpen, isBusy, error, onConfirm, onClose }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': texts.close }}>
      <Stack>
        <Text>{lead}</Text>
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.cancel}
          </Button>
          <Button color="red.9" loading={isBusy} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
