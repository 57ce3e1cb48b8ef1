// An address that is no page.
import { Button, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { texts } from '../texts';

export function NotFound() {
  return (
    <Stack align="flex-start">
      <Title order={1}>{texts.notFound.title}</Title>
      <Text>{texts.notFound.lead}</Text>
      <Button component={Link} to="/">
        {texts.notFound.home}
      </Button>
    </Stack>
  );
}
