// Named sets of permissions.
import { ActionIcon, Button, Checkbox, Group, Stack, Table, TextInput } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Profile, profilesQuery, useDeleteProfile, useSaveProfile } from '../api/people';
import { Confirm } from '../app/Confirm';
import { FormModal } from '../app/FormModal';
import { Loaded } from '../app/Loaded';
import { tell } from '../app/notify';
import { Page } from '../app/Page';
import { useMay } from '../session/rights';
import { texts } from '../texts';

const PERMISSIONS = ['FaaS-Admin', 'FaaS-Developer', 'FaaS-Invocation', 'LPA'];

export function Profiles() {
  const query = useQuery(profilesQuery());
  const mayWrite = useMay('user.write');
  const removal = useDeleteProfile();
  const [edited, setEdited] = useState<Profile | 'new' | null>(null);
  const [removed, setRemoved] = useState<Profile | null>(null);
  const remove = (profile: Profile) =>
    removal.mutate(profile.profileId, {
      onSuccess: () => {
        tell(texts.profiles.removed(profile.name));
        setRemoved(null);
      },
    });
  const add = mayWrite && <Button onClick={() => setEdited('new')}>{texts.profiles.add}</Button>;
  return (
    <Page title={texts.settings.profiles} lead={texts.profiles.lead} actions={add}>
      <Loaded query={query}>
        {(profiles) => (
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{texts.profiles.name}</Table.Th>
                <Table.Th>{texts.profiles.permissions}</Table.Th>
                {mayWrite && <Table.Th>{texts.settings.actions}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {profiles.map((profile) => (
                <Table.Tr key={profile.profileId}>
                  <Table.Td fw={600}>{profile.name}</Table.Td>
                  <Table.Td>{profile.permissions.join(', ')}</Table.Td>
                  {mayWrite && (
                    <Table.Td>
                      <Group gap={4} wrap="nowrap">
                        <ActionIcon
                          variant="default"
                          aria-label={texts.profiles.edit(profile.name)}
                          onClick={() => setEdited(profile)}
                        >
                          <IconPencil size={16} />
                        </ActionIcon>
                        <ActionIcon
                          variant="default"
                          aria-label={texts.profiles.remove(profile.name)}
                          onClick={() => setRemoved(profile)}
                        >
                          <IconTrash size={16} />
                        </ActionIcon>
                      </Group>
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
      {edited !== null && (
        <ProfileForm profile={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed !== null && (
        <Confirm
          title={texts.profiles.removeTitle(removed.name)}
          lead={texts.profiles.removeLead}
          action={texts.delete}
          isOpen
          isBusy={removal.isPending}
          error={removal.error}
          onConfirm={() => remove(removed)}
          onClose={() => setRemoved(null)}
        />
      )}
    </Page>
  );
}

function ProfileForm({ profile, onClose }: { profile: Profile | null; onClose: () => void }) {
  const saving = useSaveProfile();
  const [name, setName] = useState(profile?.name ?? '');
  const [permissions, setPermissions] = useState<string[]>(profile?.permissions ?? []);
  const [isTried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (name.trim() === '' || permissions.length === 0) return;
    saving.mutate(
      { id: profile?.profileId ?? null, name: name.trim(), permissions },
      {
        onSuccess: () => {
          tell(texts.profiles.saved(name));
          onClose();
        },
      },
    );
  };
  return (
    <FormModal
      title={profile === null ? texts.profiles.add : texts.profiles.edit(profile.name)}
      isBusy={saving.isPending}
      error={saving.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={texts.profiles.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={isTried && name.trim() === '' ? texts.profiles.missing : null}
        autoComplete="off"
        required
        data-autofocus
      />
      <Checkbox.Group
        label={texts.profiles.permissions}
        value={permissions}
        onChange={setPermissions}
        error={isTried && permissions.length === 0 ? texts.profiles.choose : null}
        required
      >
        <Stack gap="xs" mt="xs">
          {PERMISSIONS.map((permission) => (
            <Checkbox key={permission} value={permission} label={permission} />
          ))}
        </Stack>
      </Checkbox.Group>
    </FormModal>
  );
}
