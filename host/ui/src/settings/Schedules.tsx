// Schedules of the account.
import { ActionIcon, Button, Code, Group, Switch, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Lambda, lambdasQuery } from '../api/lambdas';
import { type Schedule, schedulesQuery, useDeleteSchedule, useSaveSchedule } from '../api/schedules';
import { Loaded } from '../app/Loaded';
import { complain } from '../app/notify';
import { Page } from '../app/Page';
import { Removal } from '../app/Removal';
import { Rows } from '../app/Rows';
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
  const add = mayWrite && <Button onClick={() => setEdited('new')}>{texts.schedules.add}</Button>;
  return (
    <Page title={texts.settings.schedules} lead={texts.schedules.lead} actions={add}>
      <Loaded query={query}>
        {(schedules) =>
          schedules.length === 0 ? (
            <Text>{texts.schedules.none}</Text>
          ) : (
            <Rows
              rows={schedules}
              id={(schedule) => schedule.uuid}
              columns={[
                {
                  title: texts.schedules.lambda,
                  cell: ({ lambdaUUID }) => <Text fw={600}>{nameOf(lambdaUUID)}</Text>,
                },
                { title: texts.schedules.cron, cell: ({ cronExpression }) => <Code>{cronExpression}</Code> },
                {
                  title: texts.schedules.nextRun,
                  cell: ({ nextExecution }) => (nextExecution ? ago(nextExecution) : texts.schedules.paused),
                  hint: ({ nextExecution }) => (nextExecution ? moment(nextExecution) : undefined),
                },
                { title: texts.schedules.last, cell: lastRun },
                {
                  title: texts.schedules.active,
                  cell: (schedule) => (
                    <Activity schedule={schedule} name={nameOf(schedule.lambdaUUID)} mayWrite={mayWrite} />
                  ),
                },
                mayWrite && {
                  title: texts.settings.actions,
                  cell: (schedule) => (
                    <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
                      <ActionIcon
                        variant="default"
                        aria-label={texts.schedules.edit(nameOf(schedule.lambdaUUID))}
                        onClick={() => setEdited(schedule)}
                      >
                        <IconPencil size={16} />
                      </ActionIcon>
                      <ActionIcon
                        variant="default"
                        aria-label={texts.schedules.remove(nameOf(schedule.lambdaUUID))}
                        onClick={() => setRemoved(schedule)}
                      >
                        <IconTrash size={16} />
                      </ActionIcon>
                    </Group>
                  ),
                },
              ]}
            />
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
        <Removal
          title={texts.schedules.removeTitle}
          lead={texts.schedules.removeLead}
          id={removed.uuid}
          mutation={removal}
          done={texts.schedules.removed}
          onClose={() => setRemoved(null)}
        />
      )}
    </Page>
  );
}

function lastRun({ lastExecution, didLastExecutionFail }: Schedule): string {
  if (!lastExecution) return texts.schedules.never;
  return `${ago(lastExecution)}, ${didLastExecutionFail ? texts.schedules.failed : texts.schedules.worked}`;
}

interface ActivityProps {
  schedule: Schedule;
  name: string;
  mayWrite: boolean;
}

function Activity({ schedule, name, mayWrite }: ActivityProps) {
  const saving = useSaveSchedule();
  const toggle = (isActive: boolean) =>
    saving.mutate({ id: schedule.uuid, draft: { isActive } }, { onError: (error) => complain(error) });
  return (
    <Switch
      aria-label={texts.schedules.toggle(name)}
      checked={schedule.isActive}
      disabled={!mayWrite || saving.isPending}
      onChange={(event) => toggle(event.currentTarget.checked)}
    />
  );
}
