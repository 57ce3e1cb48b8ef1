// A session that has ended while somebody worked: signing in again leaves everything on the page as it is.
import { Modal, Stack, Text } from '@mantine/core';
import { texts } from '../texts';
import { SignInForm } from './SignInForm';
import { useIsExpired, useSession } from './session';

export function Expired() {
  const session = useSession();
  const isExpired = useIsExpired();
  if (session === null || !isExpired) return null;
  return (
    <Modal
      opened
      onClose={() => undefined}
      title={texts.signIn.expired}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <Stack>
        <Text>{texts.signIn.expiredLead}</Text>
        <SignInForm known={session} onDone={() => undefined} />
      </Stack>
    </Modal>
  );
}
