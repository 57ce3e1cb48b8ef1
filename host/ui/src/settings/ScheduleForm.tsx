// A schedule that is made or changed, with the next runs of what is being typed.
import { List, Select, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Lambda } from '../api/lambdas';
import { asProblem } from '../api/problem';
import { previewQuery, type Schedule, useSaveSchedule } from '../api/schedules';
import { FormModal } from '../app/FormModal';
import { tell } from '../app/notify';
import { texts } from '../texts';

const PAUSE = 250;
const utc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });

interface Props {
  schedule: Schedule | null;
  lambdas: readonly Lambda[];
  onClose: () => void;
}

function payloadOf(schedule: Schedule | null): string {
  const body = schedule?.invocationBody as { payload?: unknown } | null | undefined;
  return body?.payload === undefined ? '{}' : JSON.stringify(body.payload, null, 2);
}

export function ScheduleForm({ schedule, lambdas, onClose }: Props) {
  const saving = useSaveSchedule();
  const [lambdaUUID, setLambda] = useState<string | null>(schedule?.lambdaUUID ?? null);
  const [cron, setCron] = useState(schedule?.cronExpression ?? '0 8 * * *');
  const [isActive, setActive] = useState(schedule?.isActive ?? true);
  const [payload, setPayload] = useState(() => payloadOf(schedule));
  const [isTried, setTried] = useState(false);
  const [typed] = useDebouncedValue(cron.trim(), PAUSE);
  const preview = useQuery({ ...previewQuery(typed), enabled: typed !== '' });
  const parsed = parse(payload);
  const submit = () => {
    setTried(true);
    if (lambdaUUID === null || cron.trim() === '' || parsed === undefined) return;
    const common = {
      cronExpression: cron.trim(),
      isActive,
      invocationBody: { headers: [], payload: parsed.value },
    };
    const draft = schedule === null ? { ...common, lambdaUUID } : common;
    saving.mutate(
      { id: schedule?.uuid ?? null, draft },
      {
        onSuccess: () => {
          tell(texts.schedules.saved);
          onClose();
        },
      },
    );
  };
  const cronError =
    cron.trim() === ''
      ? isTried
        ? texts.schedules.cronMissing
        : null
      : preview.isError
        ? asProblem(preview.error).message
        : null;
  return (
    <FormModal
      title={texts.schedules.add}
      isBusy={saving.isPending}
      error={saving.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Select
        label={texts.schedules.lambda}
        data={lambdas.map(({ uuid, name }) => ({ value: uuid, label: name }))}
        value={lambdaUUID}
        onChange={setLambda}
        disabled={schedule !== null}
        error={isTried && lambdaUUID === null ? texts.schedules.missing : null}
        searchable
        required
      />
      <TextInput
        label={texts.schedules.cron}
        description={texts.schedules.cronHint}
        value={cron}
        onChange={(event) => setCron(event.currentTarget.value)}
        error={cronError}
        autoComplete="off"
        required
      />
      <div aria-live="polite">
        {preview.data && (
          <>
            <Text size="sm" fw={600}>
              {texts.schedules.next}
            </Text>
            <List size="sm">
              {preview.data.nextExecutions.map((date) => (
                <List.Item key={date}>{utc.format(new Date(date))} UTC</List.Item>
              ))}
            </List>
          </>
        )}
      </div>
      <Textarea
        label={texts.schedules.payload}
        description={texts.schedules.payloadHint}
        value={payload}
        onChange={(event) => setPayload(event.currentTarget.value)}
        error={parsed === undefined ? texts.schedules.notJson : null}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
      />
      <Switch
        label={texts.schedules.active}
        checked={isActive}
        onChange={(event) => setActive(event.currentTarget.checked)}
      />
    </FormModal>
  );
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
