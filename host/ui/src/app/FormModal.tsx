// A form in a dialogue: sent once everything is right, kept open with the reason when the server refuses it.
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { texts } from '../texts';
import { ProblemAlert } from './ProblemAlert';

interface Props {
  title: string;
  action?: string;
  isBusy: boolean;
  error: unknown;
  size?: string;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function FormModal({ title, action, isBusy, error, size, onSubmit, onClose, children }: Props) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <form noValidate onSubmit={submit}>
        <Stack>
          {children}
          <ProblemAlert error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={isBusy}>
              {action ?? texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
