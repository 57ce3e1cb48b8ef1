// Invoke your Function: what goes in, what comes out, what was logged, what it cost.
import { Alert, Button, Grid, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { invoke, type Run } from '../api/invocations';
import { type Lambda, lambdaQuery } from '../api/lambdas';
import { Loaded } from '../app/Loaded';
import { Page } from '../app/Page';
import { ProblemAlert } from '../app/ProblemAlert';
import { StateBadge } from '../develop/StateBadge';
import { LazyEditor } from '../editor/LazyEditor';
import { texts } from '../texts';
import { Blocked } from './Blocked';
import { exampleOf, judgeInput } from './input';
import { LogList } from './LogList';
import { Output } from './Output';
import { SavedPayloads } from './SavedPayloads';
import { UsageTable } from './UsageTable';

export function InvokePage() {
  const { uuid = '' } = useParams();
  const query = useQuery(lambdaQuery(uuid));
  // What another page read before the deployment still says Draft; the answer on its way knows better.
  const isOutdated = query.isFetching && !query.isFetchedAfterMount;
  return (
    <Loaded query={query}>
      {(lambda) => <Bench key={lambda.uuid} lambda={lambda} isOutdated={isOutdated} />}
    </Loaded>
  );
}

const isServed = ({ state }: Lambda) => state !== 'Draft' && state !== 'Marked Undeployed';

type Doing =
  | { state: 'idle' }
  | { state: 'running' }
  | { state: 'done'; run: Run }
  | { state: 'failed'; error: unknown };

function Bench({ lambda, isOutdated }: { lambda: Lambda; isOutdated: boolean }) {
  const { uuid } = lambda;
  const [text, setText] = useState(() => exampleOf(lambda.samplePayload));
  const [revision, setRevision] = useState(0);
  const replace = (other: string) => {
    setText(other);
    setRevision(revision + 1);
  };
  const [doing, setDoing] = useState<Doing>({ state: 'idle' });
  const abandon = useRef<AbortController | null>(null);
  useEffect(() => () => abandon.current?.abort(), []);
  const judged = judgeInput(text);
  const run = async () => {
    if (judged.input === undefined || doing.state === 'running') return;
    const aborting = new AbortController();
    abandon.current = aborting;
    setDoing({ state: 'running' });
    try {
      setDoing({ state: 'done', run: await invoke(uuid, judged.input, aborting.signal) });
    } catch (error) {
      setDoing(aborting.signal.aborted ? { state: 'idle' } : { state: 'failed', error });
    }
  };
  const actions = (
    <>
      {doing.state === 'running' && (
        <Button variant="default" onClick={() => abandon.current?.abort()}>
          {texts.invoke.stop}
        </Button>
      )}
      <Button component={Link} to={`/develop/${uuid}`} variant="default">
        {texts.develop.edit}
      </Button>
      <Button
        onClick={run}
        loading={doing.state === 'running'}
        disabled={judged.input === undefined || !isServed(lambda)}
      >
        {texts.invoke.run}
      </Button>
    </>
  );
  const lead = (
    <Group component="span" gap="xs">
      <span>{lambda.name}</span>
      <StateBadge state={lambda.state} />
      {lambda.state === 'Modified' && <span>{texts.invoke.modified}</span>}
    </Group>
  );
  const result = doing.state === 'done' ? doing.run : null;
  return (
    <Page title={texts.invoke.title} lead={lead} actions={actions}>
      {!isServed(lambda) && !isOutdated && <Alert variant="outline">{texts.invoke.notDeployed}</Alert>}
      <Grid>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Panel title={texts.invoke.input}>
            <Group gap="xs">
              <SavedPayloads uuid={uuid} text={text} onChoose={replace} />
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => replace(exampleOf(lambda.samplePayload))}
              >
                {texts.invoke.reset}
              </Button>
            </Group>
            <LazyEditor
              value={text}
              revision={revision}
              label={texts.invoke.input}
              language="json"
              height="360px"
              onChange={setText}
              onSave={run}
            />
            {judged.problem !== undefined && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {judged.problem}
              </Text>
            )}
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <Panel title={texts.invoke.output}>
              <div aria-live="polite">
                {doing.state === 'idle' && <Text size="sm">{texts.invoke.outputNone}</Text>}
                {doing.state === 'running' && (
                  <Loader size="sm" aria-label={texts.invoke.running} role="status" />
                )}
                {doing.state === 'failed' && <ProblemAlert error={doing.error} onRetry={run} />}
                {result && <Output key={result.requestId} run={result} uuid={uuid} />}
              </div>
            </Panel>
            {result && (
              <>
                <Blocked logs={result.logs} />
                <Panel title={texts.invoke.logs}>
                  <LogList key={result.requestId} logs={result.logs} />
                </Panel>
                <Panel title={texts.invoke.usage}>
                  <UsageTable run={result} uuid={uuid} />
                </Panel>
              </>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}
