// The state of a function, in colour and in words.
import { Badge, Tooltip } from '@mantine/core';
import type { LambdaState } from '../api/lambdas';
import { texts } from '../texts';

const COLOURS: Record<LambdaState, string> = {
  Draft: 'gray.8',
  Productive: 'teal.9',
  Modified: 'indigo.8',
  'Marked Undeployed': 'gray.8',
  'Build Error': 'red.9',
  'Deploy Error': 'red.9',
};

export function StateBadge({ state }: { state: LambdaState }) {
  return (
    <Tooltip label={texts.stateMeanings[state]}>
      <Badge color={COLOURS[state]} variant="filled" style={{ textTransform: 'none', flexShrink: 0 }}>
        {texts.states[state]}
      </Badge>
    </Tooltip>
  );
}
