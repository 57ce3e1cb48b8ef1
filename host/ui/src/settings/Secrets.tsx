// Secrets: sealed for developers, in plain one at a time for administrators.
import {
  ActionIcon,
  Button,
  Checkbox,
  Code,
  Group,
  Modal,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconEye, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  readPlain,
  type Secret,
  secretsQuery,
  useAddSecret,
  useDeleteSecret,
  useRotateSecret,
} from '../api/secrets';
import { FormModal } from '../app/FormModal';
import { Loaded } from '../app/Loaded';
import { complain, tell } from '../app/notify';
import { Page } from '../app/Page';
import { Removal } from '../app/Removal';
import { Rows } from '../app/Rows';
import { CodeView } from '../editor/CodeView';
import { ago, moment } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';
import { judgeKey, judgeValue } from './secretRules';

type Doing =
  | { what: 'add' }
  | { what: 'rotate' | 'remove'; secret: Secret }
  | { what: 'show'; key: string; value: unknown };

export function Secrets() {
  const query = useQuery(secretsQuery());
  const mayWrite = useMay('secret.write');
  const mayRead = useMay('secret.plain');
  const [doing, setDoing] = useState<Doing | null>(null);
  const removal = useDeleteSecret();
  const show = async (key: string) => {
    try {
      const { value } = await readPlain(key);
      setDoing({ what: 'show', key, value });
    } catch (error) {
      complain(error);
    }
  };
  const add = mayWrite && <Button onClick={() => setDoing({ what: 'add' })}>{texts.secrets.add}</Button>;
  const close = () => setDoing(null);
  return (
    <Page title={texts.settings.secrets} lead={texts.secrets.lead} actions={add}>
      <Loaded query={query}>
        {(secrets) => (
          <>
            {secrets.length === 0 && <Text>{texts.secrets.none}</Text>}
            {secrets.length > 0 && (
              <Rows
                rows={secrets}
                id={(secret) => secret.key}
                columns={[
                  { title: texts.secrets.key, cell: (secret) => <Text fw={600}>{secret.key}</Text> },
                  {
                    title: texts.secrets.sealed,
                    cell: (secret) => <Code>{String(secret.value).slice(0, 24)}…</Code>,
                  },
                  { title: texts.secrets.version, cell: (secret) => secret.version },
                  {
                    title: texts.settings.changed,
                    cell: (secret) => texts.develop.changedBy(ago(secret.updatedAt), secret.updatedBy),
                    hint: (secret) => moment(secret.updatedAt),
                  },
                  (mayWrite || mayRead) && {
                    title: texts.settings.actions,
                    cell: (secret) => (
                      <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
                        {mayRead && (
                          <ActionIcon
                            variant="default"
                            aria-label={texts.secrets.show(secret.key)}
                            onClick={() => show(secret.key)}
                          >
                            <IconEye size={16} />
                          </ActionIcon>
                        )}
                        {mayWrite && (
                          <>
                            <ActionIcon
                              variant="default"
                              aria-label={texts.secrets.rotate(secret.key)}
                              onClick={() => setDoing({ what: 'rotate', secret })}
                            >
                              <IconPencil size={16} />
                            </ActionIcon>
                            <ActionIcon
                              variant="default"
                              aria-label={texts.secrets.remove(secret.key)}
                              onClick={() => setDoing({ what: 'remove', secret })}
                            >
                              <IconTrash size={16} />
                            </ActionIcon>
                          </>
                        )}
                      </Group>
                    ),
                  },
                ]}
              />
            )}
            <Text size="sm" fw={600}>
              {texts.secrets.usage}
            </Text>
            <CodeView code={texts.secrets.used} label={texts.secrets.usage} />
            {doing?.what === 'add' && <AddForm taken={secrets.map(({ key }) => key)} onClose={close} />}
          </>
        )}
      </Loaded>
      {doing?.what === 'rotate' && <RotateForm secret={doing.secret} onClose={close} />}
      {doing?.what === 'remove' && (
        <Removal
          title={texts.secrets.removeTitle(doing.secret.key)}
          lead={texts.secrets.removeLead}
          id={doing.secret.key}
          mutation={removal}
          done={texts.secrets.removed(doing.secret.key)}
          onClose={close}
        />
      )}
      {doing?.what === 'show' && (
        <Modal opened onClose={close} title={doing.key} closeButtonProps={{ 'aria-label': texts.close }}>
          <Stack>
            <Text size="sm">{texts.secrets.noted}</Text>
            <CodeView
              code={typeof doing.value === 'string' ? doing.value : JSON.stringify(doing.value, null, 2)}
              label={texts.secrets.plain}
              isWrapped
            />
          </Stack>
        </Modal>
      )}
    </Page>
  );
}

interface ValueProps {
  text: string;
  isJson: boolean;
  error: string | null;
  onText: (text: string) => void;
  onJson: (isJson: boolean) => void;
}

function ValueFields({ text, isJson, error, onText, onJson }: ValueProps) {
  return (
    <>
      <Textarea
        label={texts.secrets.value}
        description={texts.secrets.valueHint}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        error={error}
        autosize
        minRows={2}
        maxRows={10}
        autoComplete="off"
        spellCheck={false}
        required
      />
      <Checkbox
        label={texts.secrets.asJson}
        checked={isJson}
        onChange={(event) => onJson(event.currentTarget.checked)}
      />
    </>
  );
}

function useValue() {
  const [text, onText] = useState('');
  const [isJson, onJson] = useState(false);
  const [isTried, setTried] = useState(false);
  const judged = judgeValue(text, isJson);
  const error = isTried || text !== '' ? (judged.problem ?? null) : null;
  return { judged, isTried, setTried, fields: { text, isJson, error, onText, onJson } };
}

function AddForm({ taken, onClose }: { taken: string[]; onClose: () => void }) {
  const [key, setKey] = useState('');
  const { judged, isTried, setTried, fields } = useValue();
  const addition = useAddSecret();
  const problem = judgeKey(key, taken);
  const submit = () => {
    setTried(true);
    if (problem !== null || judged.problem !== undefined) return;
    addition.mutate(
      { key, value: judged.value },
      {
        onSuccess: () => {
          tell(texts.secrets.added(key));
          onClose();
        },
      },
    );
  };
  return (
    <FormModal
      title={texts.secrets.add}
      isBusy={addition.isPending}
      error={addition.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={texts.secrets.key}
        description={texts.secrets.keyHint}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={key !== '' || isTried ? problem : null}
        autoComplete="off"
        required
        data-autofocus
      />
      <ValueFields {...fields} />
    </FormModal>
  );
}

function RotateForm({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { judged, setTried, fields } = useValue();
  const rotation = useRotateSecret();
  const submit = () => {
    setTried(true);
    if (judged.problem !== undefined) return;
    rotation.mutate(
      { key: secret.key, value: judged.value, version: secret.version },
      {
        onSuccess: () => {
          tell(texts.secrets.changed(secret.key));
          onClose();
        },
      },
    );
  };
  return (
    <FormModal
      title={texts.secrets.rotate(secret.key)}
      action={texts.secrets.rotateAction}
      isBusy={rotation.isPending}
      error={rotation.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <ValueFields {...fields} />
    </FormModal>
  );
}
