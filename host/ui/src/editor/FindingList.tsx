// What the check found, in words, for those who do not see marks under code.
import { Anchor, List, Text } from '@mantine/core';
import { memo } from 'react';
import type { Finding } from '../api/problem';
import { texts } from '../texts';
import type { Checked } from './useFindings';

interface Props {
  findings: readonly Finding[];
  state: Checked['state'];
  onChoose: (place: { line: number; column: number }) => void;
}

export const FindingList = memo(function FindingList({ findings, state, onChoose }: Props) {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const summary =
    state === 'unreachable'
      ? texts.editor.uncheckable
      : texts.editor.findings(errors, findings.length - errors);
  return (
    <section aria-label={summary}>
      <Text size="sm" fw={600} role="status" c={errors > 0 ? 'var(--mantine-color-error)' : undefined}>
        {summary}
      </Text>
      <List size="sm" listStyleType="none">
        {findings.map(({ line, column, code, message, hint }) => (
          <List.Item key={`${line}:${column}:${code}`}>
            <Anchor component="button" type="button" size="sm" onClick={() => onChoose({ line, column })}>
              {texts.editor.goTo(line, column)}
            </Anchor>{' '}
            {message}
            {hint && `; ${hint}`}
          </List.Item>
        ))}
      </List>
    </section>
  );
});
