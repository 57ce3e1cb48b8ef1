// What a function has logged: by level and time, by request if wanted, as CSV.
import { Button, Chip, Group, Paper, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogEntry } from '../api/invocations';
import { exportLogs, type LogLine, logsQuery } from '../api/monitoring';
import { Loaded } from '../app/Loaded';
import { complain } from '../app/notify';
import { Page } from '../app/Page';
import { moment } from '../format';
import { LogList } from '../invoke/LogList';
import { texts } from '../texts';
import { useChoice } from './Choice';
import { byRequest } from './groups';
import type { Period } from './period';

const PERIODS: Period[] = ['hour', 'day', 'week'];
const LEVELS = ['Info', 'Warn', 'Error'];

export function Logs() {
  const { chosen, controls } = useChoice(PERIODS);
  const [levels, setLevels] = useState(LEVELS);
  const [isGrouped, setGrouped] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const filter = { lambdaUUID: chosen.uuid ?? '', period: chosen.period, levels };
  const query = useQuery({ ...logsQuery(filter), enabled: chosen.uuid !== null });
  const save = async () => {
    setBusy(true);
    try {
      const address = URL.createObjectURL(await exportLogs(filter));
      const anchor = document.createElement('a');
      anchor.href = address;
      anchor.download = 'logs.csv';
      anchor.click();
      URL.revokeObjectURL(address);
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  const actions = (
    <Button variant="default" onClick={save} loading={isBusy} disabled={chosen.uuid === null}>
      {texts.monitoring.export}
    </Button>
  );
  return (
    <Page title={texts.monitoring.logs} lead={texts.monitoring.logsLead} actions={actions}>
      {controls}
      <Group>
        <Chip.Group
          multiple
          value={levels}
          onChange={(chosenLevels) => setLevels(chosenLevels.length === 0 ? LEVELS : chosenLevels)}
        >
          <Group gap="xs" role="group" aria-label={texts.monitoring.level}>
            {LEVELS.map((level) => (
              <Chip key={level} value={level} size="xs">
                {level}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Switch
          label={texts.monitoring.group}
          checked={isGrouped}
          onChange={(event) => setGrouped(event.currentTarget.checked)}
        />
      </Group>
      {chosen.isEmpty && <Text>{texts.monitoring.noLambdas}</Text>}
      {chosen.uuid !== null && (
        <Loaded query={query}>{(lines) => <Lines lines={lines} isGrouped={isGrouped} />}</Loaded>
      )}
    </Page>
  );
}

/** As the document of the API has it, a message is an object; it is any JSON. */
const entriesOf = (lines: readonly LogLine[]) => lines as unknown as LogEntry[];

function Lines({ lines, isGrouped }: { lines: LogLine[]; isGrouped: boolean }) {
  if (lines.length === 0) return <Text role="status">{texts.monitoring.logsNothing}</Text>;
  if (!isGrouped) return <LogList logs={entriesOf([...lines].reverse())} />;
  return (
    <Stack>
      {byRequest(lines).map(({ id, lines: own }) => (
        <Paper key={id} withBorder p="sm">
          <Group justify="space-between" mb="xs">
            <Text size="sm" ff="monospace">
              {id}
            </Text>
            <Text size="sm">{moment(own[0]?.timestamp ?? 0)}</Text>
          </Group>
          <LogList logs={entriesOf(own)} />
        </Paper>
      ))}
    </Stack>
  );
}
