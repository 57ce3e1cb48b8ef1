// Account, name and password.
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { signIn } from '../api/account';
import { ProblemAlert } from '../app/ProblemAlert';
import { texts } from '../texts';
import type { Session } from './session';

interface Props {
  /** What is known already and not asked for. */
  known?: { account: string; loginName: string };
  onDone: (begun: Session) => void;
}

const ACCOUNT = 'lambkin.account';

export function SignInForm({ known, onDone }: Props) {
  const [account, setAccount] = useState(known?.account ?? localStorage.getItem(ACCOUNT) ?? '');
  const [name, setName] = useState(known?.loginName ?? '');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const missing = (value: string) => (isTried && value === '' ? texts.signIn.missing : null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (account === '' || name === '' || password === '') return;
    setBusy(true);
    setError(null);
    try {
      const begun = await signIn(account.trim(), name, password);
      localStorage.setItem(ACCOUNT, account.trim());
      onDone(begun);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={texts.signIn.account}
          value={account}
          onChange={(e) => setAccount(e.currentTarget.value)}
          error={missing(account)}
          autoComplete="organization"
          disabled={known !== undefined}
          required
        />
        <TextInput
          label={texts.signIn.name}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          error={missing(name)}
          autoComplete="username"
          disabled={known !== undefined}
          required
        />
        <PasswordInput
          label={texts.signIn.password}
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
          error={missing(password)}
          autoComplete="current-password"
          data-autofocus
          required
        />
        <ProblemAlert error={error} />
        <Button type="submit" loading={isBusy}>
          {texts.signIn.submit}
        </Button>
      </Stack>
    </form>
  );
}
