// App installations. Client id and secret are shown when they are made and never again.
import {
  ActionIcon,
  Badge,
  Button,
  Code,
  Menu,
  Radio,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type App,
  appsQuery,
  useInstallApp,
  useRemoveApp,
  useRenewAppSecret,
  useSwitchApp,
} from '../api/apps';
import { Confirm } from '../app/Confirm';
import { FormModal } from '../app/FormModal';
import { Loaded } from '../app/Loaded';
import { complain } from '../app/notify';
import { Page } from '../app/Page';
import { Removal } from '../app/Removal';
import { Rows } from '../app/Rows';
import { ShownOnce } from '../app/ShownOnce';
import { ago } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';

type Doing = { what: 'install' } | { what: 'renew' | 'remove' | 'tell'; app: App };

export function Apps() {
  const query = useQuery(appsQuery());
  const mayWrite = useMay('app.write');
  const [doing, setDoing] = useState<Doing | null>(null);
  const renewal = useRenewAppSecret();
  const removal = useRemoveApp();
  const close = () => setDoing(null);
  const add = mayWrite && <Button onClick={() => setDoing({ what: 'install' })}>{texts.apps.add}</Button>;
  return (
    <Page title={texts.settings.apps} lead={texts.apps.lead} actions={add}>
      <Loaded query={query}>
        {(apps) =>
          apps.length === 0 ? (
            <Text>{texts.apps.none}</Text>
          ) : (
            <Rows
              rows={apps}
              id={(app) => app.client_id}
              columns={[
                {
                  title: texts.apps.name,
                  cell: (app) => (
                    <>
                      <Text fw={600}>{app.client_name}</Text>
                      {!app.enabled && <Badge color="gray.8">{texts.apps.off}</Badge>}
                    </>
                  ),
                },
                { title: texts.apps.id, cell: (app) => <Code>{app.client_id}</Code> },
                { title: texts.apps.kind, cell: (app) => app.grant_types.join(', ') },
                {
                  title: texts.settings.created,
                  cell: (app) => texts.develop.changedBy(ago(app.createdAt), app.createdBy),
                },
                mayWrite && {
                  title: texts.settings.actions,
                  cell: (app) => <AppMenu app={app} onChoose={(what) => setDoing({ what, app })} />,
                },
              ]}
            />
          )
        }
      </Loaded>
      {doing?.what === 'install' && (
        <InstallForm onClose={close} onDone={(app) => setDoing({ what: 'tell', app })} />
      )}
      {doing?.what === 'renew' && (
        <Confirm
          title={texts.apps.renewTitle(doing.app.client_name)}
          lead={texts.apps.renewLead}
          action={texts.apps.renew}
          isOpen
          isBusy={renewal.isPending}
          error={renewal.error}
          onConfirm={() =>
            renewal.mutate(doing.app.client_id, { onSuccess: (app) => setDoing({ what: 'tell', app }) })
          }
          onClose={close}
        />
      )}
      {doing?.what === 'remove' && (
        <Removal
          title={texts.apps.removeTitle(doing.app.client_name)}
          lead={texts.apps.removeLead}
          action={texts.remove}
          id={doing.app.client_id}
          mutation={removal}
          done={texts.apps.removed(doing.app.client_name)}
          onClose={close}
        />
      )}
      {doing?.what === 'tell' && (
        <ShownOnce
          title={texts.apps.installed(doing.app.client_name)}
          values={[
            [texts.apps.id, doing.app.client_id],
            [texts.apps.secret, doing.app.client_secret ?? ''],
          ]}
          onClose={close}
        />
      )}
    </Page>
  );
}

function AppMenu({ app, onChoose }: { app: App; onChoose: (what: 'renew' | 'remove') => void }) {
  const switching = useSwitchApp();
  const toggle = () => {
    const { client_id, version, enabled } = app;
    switching.mutate({ client_id, version, enabled: !enabled }, { onError: (error) => complain(error) });
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={texts.apps.more(app.client_name)}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={toggle}>{app.enabled ? texts.apps.disable : texts.apps.enable}</Menu.Item>
        {app.token_endpoint_auth_method !== 'none' && (
          <Menu.Item onClick={() => onChoose('renew')}>{texts.apps.renew}</Menu.Item>
        )}
        <Menu.Item c="var(--mantine-color-error)" onClick={() => onChoose('remove')}>
          {texts.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function InstallForm({ onClose, onDone }: { onClose: () => void; onDone: (app: App) => void }) {
  const installation = useInstallApp();
  const [name, setName] = useState('');
  const [kind, setKind] = useState('machine');
  const [redirects, setRedirects] = useState('');
  const [isTried, setTried] = useState(false);
  const uris = redirects
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isForPeople = kind === 'people';
  const submit = () => {
    setTried(true);
    if (name.trim() === '' || (isForPeople && uris.length === 0)) return;
    const grants = isForPeople
      ? {
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: uris,
        }
      : { grant_types: ['client_credentials'] };
    installation.mutate({ client_name: name.trim(), ...grants }, { onSuccess: onDone });
  };
  return (
    <FormModal
      title={texts.apps.add}
      isBusy={installation.isPending}
      error={installation.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={texts.apps.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={isTried && name.trim() === '' ? texts.apps.missing : null}
        autoComplete="off"
        required
        data-autofocus
      />
      <Radio.Group label={texts.apps.kind} value={kind} onChange={setKind}>
        <Stack gap="xs" mt="xs">
          <Radio value="machine" label={texts.apps.machine} />
          <Radio value="people" label={texts.apps.people} />
        </Stack>
      </Radio.Group>
      {isForPeople && (
        <Textarea
          label={texts.apps.redirects}
          description={texts.apps.redirectsHint}
          value={redirects}
          onChange={(event) => setRedirects(event.currentTarget.value)}
          error={isTried && uris.length === 0 ? texts.apps.redirectMissing : null}
          autosize
          minRows={2}
          required
        />
      )}
    </FormModal>
  );
}
