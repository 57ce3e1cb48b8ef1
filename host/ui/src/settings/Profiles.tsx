// Named sets of permissions.
import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Profile, profilesQuery, useDeleteProfile, useSaveProfile } from '../api/people';
import { FormModal } from '../app/FormModal';
import { Loaded } from '../app/Loaded';
import { tell } from '../app/notify';
import { Page } from '../app/Page';
import { Removal } from '../app/Removal';
import { Rows } from '../app/Rows';
import { useMay } from '../session/rights';
import { texts } from '../texts';

const PERMISSIONS = ['FaaS-Admin', 'FaaS-Developer', 'FaaS-Invocation', 'LPA'];

export function Profiles() {
  const query = useQuery(profilesQuery());
  const mayWrite = useMay('user.write');
  const removal = useDeleteProfile();
  const [edited, setEdited] = useState<Profile | 'new' | null>(null);
  const [removed, setRemoved] = useState<Profile | null>(null);
  const add = mayWrite && <Button onClick={() => setEdited('new')}>{texts.profiles.add}</Button>;
  return (
    <Page title={texts.settings.profiles} lead={texts.profiles.lead} actions={add}>
      <Loaded query={query}>
        {(profiles) => (
          <Rows
            rows={profiles}
            id={(profile) => profile.profileId}
            columns={[
              { title: texts.profiles.name, cell: (profile) => <Text fw={600}>{profile.name}</Text> },
              { title: texts.profiles.permissions, cell: (profile) => profile.permissions.join(', ') },
              mayWrite && {
                title: texts.settings.actions,
                cell: (profile) => (
                  <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
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
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {edited !== null && (
        <ProfileForm profile={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed !== null && (
        <Removal
          title={texts.profiles.removeTitle(removed.name)}
          lead={texts.profiles.removeLead}
          id={removed.profileId}
          mutation={removal}
          done={texts.profiles.removed(removed.name)}
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
