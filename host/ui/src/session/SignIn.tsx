// The way in.
import { Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Navigate, useLocation, useNavigate } from 'react-router';
import { texts } from '../texts';
import { home } from './rights';
import { SignInForm } from './SignInForm';
import { type Session, useSession } from './session';

export function SignIn() {
  useDocumentTitle(texts.signIn.title);
  const session = useSession();
  const navigate = useNavigate();
  const place = useLocation();
  const from = (place.state as { from?: string } | null)?.from;
  const wantsOther = place.search === '?switch';
  if (session !== null && !wantsOther) return <Navigate to={from ?? home(session)} replace />;
  const go = (begun: Session) => navigate(from ?? home(begun), { replace: true });
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <Stack>
          <div>
            <Title order={1} size="h2">
              {texts.signIn.title}
            </Title>
            <Text c="dimmed">{texts.signIn.lead}</Text>
          </div>
          <SignInForm onDone={go} />
        </Stack>
      </Paper>
    </Center>
  );
}
