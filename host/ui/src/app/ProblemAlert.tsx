// A failure as pages show it: what happened, what to do, and a way to do it.
import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem } from '../api/problem';
import { texts } from '../texts';

interface Props {
  error: unknown;
  title?: string;
  onRetry?: () => void;
}

export function ProblemAlert({ error, title, onRetry }: Props) {
  if (error === null || error === undefined) return null;
  const problem = asProblem(error);
  return (
    <Alert color="red" variant="outline" icon={<IconAlertTriangle />} title={title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" className="wrapped">
          {problem.message}
        </Text>
        <Text size="sm">{problem.hint}</Text>
        {problem.requestId !== '' && problem.status >= 500 && (
          <Text size="xs">{texts.problems.request(problem.requestId)}</Text>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {texts.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
