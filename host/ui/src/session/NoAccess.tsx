// For those who may only call functions.
import { Text } from '@mantine/core';
import { Page } from '../app/Page';
import { texts } from '../texts';

export function NoAccess() {
  return (
    <Page title={texts.noAccess.title}>
      <Text maw={640}>{texts.noAccess.lead}</Text>
    </Page>
  );
}
