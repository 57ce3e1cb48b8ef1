// What a function answered: a text, JSON, or an exception with the place in the author's code. Drawn as far as it is
// looked at, so that a result of megabytes does not stop the page.
import { Alert, Anchor, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Run } from '../api/invocations';
import { CodeView } from '../editor/CodeView';
import { bytes } from '../format';
import { JsonTree } from '../json/JsonTree';
import { cut } from '../json/size';
import { texts } from '../texts';
import { framesOf } from './stack';

const MAX_TEXT = 100_000;
const LARGE = 200_000;

export function Output({ run, uuid }: { run: Run; uuid: string }) {
  if (run.outcome.kind === 'failure') return <Exception run={run} uuid={uuid} />;
  const { value } = run.outcome;
  if (value === undefined) return <Text>{texts.invoke.noResult}</Text>;
  return <Result value={value} size={run.bytes} />;
}

function Result({ value, size }: { value: unknown; size: number }) {
  const isText = typeof value === 'string';
  const [form, setForm] = useState<'tree' | 'raw'>(isText ? 'raw' : 'tree');
  const isLarge = size > LARGE;
  const download = () => {
    const address = URL.createObjectURL(new Blob([isText ? value : JSON.stringify(value, null, 2)]));
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = isText ? 'result.txt' : 'result.json';
    anchor.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {isText ? texts.invoke.string : texts.invoke.json}
        </Text>
        <Group gap="xs">
          {!isText && (
            <SegmentedControl
              size="xs"
              aria-label={texts.invoke.output}
              value={form}
              onChange={(chosen) => setForm(chosen as typeof form)}
              data={[
                { value: 'tree', label: texts.invoke.tree },
                { value: 'raw', label: texts.invoke.raw },
              ]}
            />
          )}
          <Button size="compact-xs" variant="default" onClick={download}>
            {texts.invoke.download}
          </Button>
        </Group>
      </Group>
      {isLarge && <Text size="sm">{texts.invoke.large(bytes(size))}</Text>}
      {form === 'tree' ? (
        <JsonTree value={value} label={texts.invoke.output} depth={isLarge ? 1 : 3} />
      ) : (
        <Raw value={value} />
      )}
    </Stack>
  );
}

function Raw({ value }: { value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const { shown, isCut } = cut(text, MAX_TEXT);
  return (
    <>
      <CodeView code={shown} label={texts.invoke.output} height={400} isWrapped />
      {isCut && <Text size="sm">{texts.invoke.cut(bytes(MAX_TEXT), bytes(text.length))}</Text>}
    </>
  );
}

function Exception({ run, uuid }: { run: Run; uuid: string }) {
  if (run.outcome.kind !== 'failure') return null;
  const { code, message, stack } = run.outcome;
  // A time-out brings its stack in the message.
  const frames = framesOf(`${message}\n${stack}`);
  const [first = ''] = message.split('\n');
  return (
    <Alert color="red" variant="outline" title={texts.invoke.exception} role="alert">
      <Stack gap="xs">
        <Text className="wrapped">{first}</Text>
        <Text size="xs" ff="monospace">
          {code}
        </Text>
        {frames.map(({ text, line }, at) => (
          <Text key={at} size="xs" ff="monospace" className="wrapped">
            {text}
            {line !== undefined && (
              <Anchor component={Link} to={`/develop/${uuid}?line=${line}`} size="xs" ml="xs">
                {texts.invoke.line(line)}
              </Anchor>
            )}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}
