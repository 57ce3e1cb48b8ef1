// Who may sign in, and what they may do.
import { ActionIcon, Badge, Button, Group, MultiSelect, Switch, Text, TextInput } from '@mantine/core';
import { IconKey, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  profilesQuery,
  type User,
  type UserDraft,
  useAddUser,
  useChangeUser,
  useDeleteUser,
  useResetPassword,
  usersQuery,
} from '../api/people';
import { Confirm } from '../app/Confirm';
import { FormModal } from '../app/FormModal';
import { Loaded } from '../app/Loaded';
import { tell } from '../app/notify';
import { Page } from '../app/Page';
import { Removal } from '../app/Removal';
import { Rows } from '../app/Rows';
import { ShownOnce } from '../app/ShownOnce';
import { useMay } from '../session/rights';
import { useSession } from '../session/session';
import { texts } from '../texts';

type Doing =
  | { what: 'add' }
  | { what: 'edit' | 'reset' | 'remove'; user: User }
  | { what: 'tell'; user: User };

export function Users() {
  const query = useQuery(usersQuery());
  const mayWrite = useMay('user.write');
  const own = useSession()?.userId;
  const [doing, setDoing] = useState<Doing | null>(null);
  const removal = useDeleteUser();
  const reset = useResetPassword();
  const close = () => setDoing(null);
  const add = mayWrite && <Button onClick={() => setDoing({ what: 'add' })}>{texts.users.add}</Button>;
  return (
    <Page title={texts.settings.users} lead={texts.users.lead} actions={add}>
      <Loaded query={query}>
        {(users) => (
          <Rows
            rows={users}
            id={(user) => user.userId}
            columns={[
              {
                title: texts.users.login,
                cell: (user) => (
                  <>
                    <Text fw={600}>{user.loginName}</Text>
                    {!user.enabled && <Badge color="gray.8">{texts.users.disabled}</Badge>}
                    {user.mustChangePassword && <Text size="xs">{texts.users.newcomer}</Text>}
                  </>
                ),
              },
              {
                title: texts.users.name,
                cell: (user) =>
                  (user.fullName || user.email) && (
                    <>
                      {user.fullName}
                      <Text size="sm" c="dimmed">
                        {user.email}
                      </Text>
                    </>
                  ),
              },
              { title: texts.users.profiles, cell: (user) => user.profiles.join(', ') },
              { title: texts.users.may, cell: (user) => user.permissions.join(', ') },
              mayWrite && {
                title: texts.settings.actions,
                cell: (user) => (
                  <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
                    <ActionIcon
                      variant="default"
                      aria-label={texts.users.edit(user.loginName)}
                      onClick={() => setDoing({ what: 'edit', user })}
                    >
                      <IconPencil size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="default"
                      aria-label={texts.users.reset(user.loginName)}
                      onClick={() => setDoing({ what: 'reset', user })}
                    >
                      <IconKey size={16} />
                    </ActionIcon>
                    {user.userId !== own && (
                      <ActionIcon
                        variant="default"
                        aria-label={texts.users.remove(user.loginName)}
                        onClick={() => setDoing({ what: 'remove', user })}
                      >
                        <IconTrash size={16} />
                      </ActionIcon>
                    )}
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {doing?.what === 'add' && (
        <UserForm user={null} onClose={close} onMade={(user) => setDoing({ what: 'tell', user })} />
      )}
      {doing?.what === 'edit' && <UserForm user={doing.user} onClose={close} onMade={close} />}
      {doing?.what === 'reset' && (
        <Confirm
          title={texts.users.reset(doing.user.loginName)}
          lead={texts.users.resetLead}
          action={texts.users.resetAction}
          isOpen
          isBusy={reset.isPending}
          error={reset.error}
          onConfirm={() =>
            reset.mutate(doing.user.userId, { onSuccess: (user) => setDoing({ what: 'tell', user }) })
          }
          onClose={close}
        />
      )}
      {doing?.what === 'remove' && (
        <Removal
          title={texts.users.removeTitle(doing.user.loginName)}
          lead={texts.users.removeLead}
          id={doing.user.userId}
          mutation={removal}
          done={texts.users.removed(doing.user.loginName)}
          onClose={close}
        />
      )}
      {doing?.what === 'tell' && (
        <ShownOnce
          title={texts.users.oneTime(doing.user.loginName)}
          lead={texts.users.oneTimeLead}
          values={[[texts.signIn.password, doing.user.oneTimePassword ?? '']]}
          onClose={close}
        />
      )}
    </Page>
  );
}

interface FormProps {
  user: User | null;
  onClose: () => void;
  onMade: (user: User) => void;
}

function UserForm({ user, onClose, onMade }: FormProps) {
  const profiles = useQuery(profilesQuery());
  const addition = useAddUser();
  const change = useChangeUser();
  const [isTried, setTried] = useState(false);
  const [draft, setDraft] = useState<UserDraft>({
    loginName: user?.loginName ?? '',
    fullName: user?.fullName ?? '',
    email: user?.email ?? '',
    profiles: user?.profiles ?? [],
    enabled: user?.enabled ?? true,
  });
  const set = (part: Partial<UserDraft>) => setDraft({ ...draft, ...part });
  const isNameMissing = draft.loginName.trim() === '';
  const isProfileMissing = draft.profiles.length === 0;
  const submit = () => {
    setTried(true);
    if (isNameMissing || isProfileMissing) return;
    const onSuccess = (made: User) => {
      tell(texts.users.saved(made.loginName));
      onMade(made);
    };
    if (user === null) addition.mutate(draft, { onSuccess });
    else change.mutate({ id: user.userId, draft }, { onSuccess });
  };
  return (
    <FormModal
      title={user === null ? texts.users.add : texts.users.edit(user.loginName)}
      isBusy={addition.isPending || change.isPending}
      error={addition.error ?? change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={texts.users.login}
        value={draft.loginName}
        disabled={user !== null}
        onChange={(event) => set({ loginName: event.currentTarget.value })}
        error={isTried && isNameMissing ? texts.users.missing : null}
        autoComplete="off"
        required
      />
      <TextInput
        label={texts.users.name}
        value={draft.fullName}
        onChange={(event) => set({ fullName: event.currentTarget.value })}
        autoComplete="off"
      />
      <TextInput
        label={texts.users.email}
        type="email"
        value={draft.email}
        onChange={(event) => set({ email: event.currentTarget.value })}
        autoComplete="off"
      />
      <MultiSelect
        label={texts.users.profiles}
        data={profiles.data?.map(({ name }) => name) ?? []}
        value={draft.profiles}
        onChange={(chosen) => set({ profiles: chosen })}
        error={isTried && isProfileMissing ? texts.users.choose : null}
        required
      />
      {user !== null && (
        <Switch
          label={texts.users.enabled}
          checked={draft.enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
      )}
    </FormModal>
  );
}
