// One's own password. Changing it ends every session, so the way on leads through signing in.
import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { changePassword } from '../api/account';
import { tell } from '../app/notify';
import { Page } from '../app/Page';
import { ProblemAlert } from '../app/ProblemAlert';
import { texts } from '../texts';
import { session, useSession } from './session';

export function ChangePassword() {
  const held = useSession();
  const navigate = useNavigate();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [repeated, setRepeated] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const differ = repeated !== '' && repeated !== fresh;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (differ || fresh === '') return;
    setBusy(true);
    setError(null);
    try {
      await changePassword(old, fresh);
      session.end();
      tell(texts.password.done);
      navigate('/sign-in');
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Page title={texts.password.title}>
      <form noValidate onSubmit={submit}>
        <Stack maw={400}>
          {held?.mustChangePassword && <Alert variant="outline">{texts.password.must}</Alert>}
          <PasswordInput
            label={texts.password.old}
            value={old}
            onChange={(e) => setOld(e.currentTarget.value)}
            autoComplete="current-password"
            required
          />
          <PasswordInput
            label={texts.password.fresh}
            value={fresh}
            onChange={(e) => setFresh(e.currentTarget.value)}
            autoComplete="new-password"
            required
          />
          <PasswordInput
            label={texts.password.repeat}
            value={repeated}
            onChange={(e) => setRepeated(e.currentTarget.value)}
            error={differ ? texts.password.differ : null}
            autoComplete="new-password"
            required
          />
          <ProblemAlert error={error} />
          <Button type="submit" loading={isBusy}>
            {texts.password.submit}
          </Button>
        </Stack>
      </form>
    </Page>
  );
}
