// A page that has failed, which is always our fault.
import { Button, Code, Container, Stack, Text, Title } from '@mantine/core';
import { useRouteError } from 'react-router';
import { texts } from '../texts';

export function Crash() {
  const error = useRouteError();
  return (
    <Container py="xl">
      <Stack align="flex-start" role="alert">
        <Title order={1}>{texts.problems.crashed}</Title>
        <Text>{texts.problems.crashedLead}</Text>
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
        <Button onClick={() => window.location.reload()}>{texts.problems.reload}</Button>
      </Stack>
    </Container>
  );
}
