// Schedules of the account.
import { ActionIcon, Button, Code, Group, Switch, Table, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Lambda, lambdasQuery } from '../api/lambdas';
import { type Schedule, schedulesQuery, useDeleteSchedule, useSaveSchedule } from '../api/schedules';
import { Confirm } from '../app/Confirm';
import { Loaded } from '../app/Loaded';
import { complain, tell } from '../app/notify';
import { Page } from '../app/Page';
import { ago, moment } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';
import { ScheduleForm } from './ScheduleForm';

export function Schedules() {
  const query = useQuery(schedulesQuery());
  const lambdas = useQuery(lambdasQuery());
  const mayWrite = useMay('schedule.write');
  const removal = useDeleteSchedule();
  const [edited, setEdited] = useState<Schedule | 'new' | null>(null);
  const [removed, setRemoved] = useState<Schedule | null>(null);
  const nameOf = (uuid: string) => lambdas.data?.find((lambda: Lambda) => lambda.uuid === uuid)?.name ?? uuid;
  const remove = (uuid: string) =>
    removal.mutate(uuid, {
      onSuccess: () => {
        tell(texts.schedules.removed);
        setRemoved(null);
      },
    });
  const add = mayWrite && <Button onClick={() => setEdited('new')}>{texts.schedules.add}</Button>;
  return (
    <Page title={texts.settings.schedules} lead={texts.schedules.lead} actions={add}>
      <Loaded query={query}>
        {(schedules) =>
          schedules.length === 0 ? (
            <Text>{texts.schedules.none}</Text>
          ) : (
            <Table.ScrollContainer minWidth={640}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{texts.schedules.lambda}</Table.Th>
                    <Table.Th>{texts.schedules.cron}</Table.Th>
                    <Table.Th>{texts.schedules.nextRun}</Table.Th>
                    <Table.Th>{texts.schedules.last}</Table.Th>
                    <Table.Th>{texts.schedules.active}</Table.Th>
                    {mayWrite && <Table.Th>{texts.settings.actions}</Table.Th>}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {schedules.map((schedule) => (
                    <Row
                      key={schedule.uuid}
                      schedule={schedule}
                      name={nameOf(schedule.lambdaUUID)}
                      mayWrite={mayWrite}
                      onEdit={() => setEdited(schedule)}
                      onRemove={() => setRemoved(schedule)}
                    />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
      {edited !== null && (
        <ScheduleForm
          schedule={edited === 'new' ? null : edited}
          lambdas={lambdas.data ?? []}
          onClose={() => setEdited(null)}
        />
      )}
      {removed !== null && (
        <Confirm
          title={texts.schedules.removeTitle}
          lead={texts.schedules.removeLead}
          action={texts.delete}
          isOpen
          isBusy={removal.isPending}
          error={removal.error}
          onConfirm={() => remove(removed.uuid)}
          onClose={() => setRemoved(null)}
        />
      )}
    </Page>
  );
}

interface RowProps {
  schedule: Schedule;
  name: string;
  mayWrite: boolean;
  onEdit: () => void;
  onRemove: () => void;
}

function Row({ schedule, name, mayWrite, onEdit, onRemove }: RowProps) {
  const saving = useSaveSchedule();
  const { uuid, cronExpression, isActive, lastExecution, nextExecution, didLastExecutionFail } = schedule;
  const toggle = (active: boolean) =>
    saving.mutate({ id: uuid, draft: { isActive: active } }, { onError: (error) => complain(error) });
  return (
    <Table.Tr>
      <Table.Td fw={600}>{name}</Table.Td>
      <Table.Td>
        <Code>{cronExpression}</Code>
      </Table.Td>
      <Table.Td title={nextExecution ? moment(nextExecution) : undefined}>
        {nextExecution ? ago(nextExecution) : texts.schedules.paused}
      </Table.Td>
      <Table.Td>
        {lastExecution
          ? `${ago(lastExecution)}, ${didLastExecutionFail ? texts.schedules.failed : texts.schedules.worked}`
          : texts.schedules.never}
      </Table.Td>
      <Table.Td>
        <Switch
          aria-label={texts.schedules.toggle(name)}
          checked={isActive}
          disabled={!mayWrite || saving.isPending}
          onChange={(event) => toggle(event.currentTarget.checked)}
        />
      </Table.Td>
      {mayWrite && (
        <Table.Td>
          <Group gap={4} wrap="nowrap">
            <ActionIcon variant="default" aria-label={texts.schedules.edit(name)} onClick={onEdit}>
              <IconPencil size={16} />
            </ActionIcon>
            <ActionIcon variant="default" aria-label={texts.schedules.remove(name)} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
