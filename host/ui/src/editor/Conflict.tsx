// Two people saved the same function. Both versions beside each other; nothing is lost without being chosen.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { Lambda } from '../api/lambdas';
import { ago } from '../format';
import { texts } from '../texts';
import { LazyDiff } from './LazyEditor';

interface Props {
  theirs: Lambda;
  mine: string;
  isBusy: boolean;
  onMine: () => void;
  onTheirs: () => void;
  onLater: () => void;
}

export function Conflict({ theirs, mine, isBusy, onMine, onTheirs, onLater }: Props) {
  return (
    <Modal
      opened
      onClose={onLater}
      size="90%"
      title={texts.conflict.title}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <Stack>
        <Text>{texts.conflict.lead(theirs.updatedBy, ago(theirs.updatedAt))}</Text>
        <LazyDiff
          before={theirs.implementation.code}
          after={mine}
          label={texts.conflict.title}
          height="50vh"
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onLater}>
            {texts.conflict.later}
          </Button>
          <Button variant="default" onClick={onTheirs}>
            {texts.conflict.theirs}
          </Button>
          <Button color="red.9" loading={isBusy} onClick={onMine}>
            {texts.conflict.mine}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
