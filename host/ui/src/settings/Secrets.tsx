// Secrets: sealed for developers, in plain one at a time for administrators.
import {
  ActionIcon,
  Button,
  Checkbox,
  Code,
  Group,
  Modal,
  Stack,
  Switch,
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
import { type Binding, judgeBinding, judgeKey, judgeValue, UNBOUND } from './secretRules';

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
                  {
                    title: texts.secrets.goesWith,
                    cell: ({ host, header }) => host && header && texts.secrets.bound(header, host),
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

interface BindingProps {
  binding: Binding;
  problems: { host: string | null; header: string | null };
  onChange: (binding: Binding) => void;
}

/** Where the server puts it by itself. */
function BindingFields({ binding, problems, onChange }: BindingProps) {
  return (
    <>
      <Switch
        label={texts.secrets.bind}
        description={texts.secrets.bindHint}
        checked={binding.isBound}
        onChange={(event) => onChange({ ...binding, isBound: event.currentTarget.checked })}
      />
      {binding.isBound && (
        <>
          <TextInput
            label={texts.secrets.host}
            description={texts.secrets.hostHint}
            value={binding.host}
            onChange={(event) => onChange({ ...binding, host: event.currentTarget.value })}
            error={problems.host}
            autoComplete="off"
            required
          />
          <TextInput
            label={texts.secrets.header}
            description={texts.secrets.headerHint}
            value={binding.header}
            onChange={(event) => onChange({ ...binding, header: event.currentTarget.value })}
            error={problems.header}
            autoComplete="off"
            required
          />
        </>
      )}
    </>
  );
}

/** What both forms ask for. Nothing is complained about before it was typed or sent. */
function useContents(before: Binding) {
  const [text, onText] = useState('');
  const [isJson, onJson] = useState(false);
  const [binding, onBinding] = useState(before);
  const [isTried, setTried] = useState(false);
  const judged = judgeValue(text, isJson);
  const bound = judgeBinding(binding);
  const told = (typed: string, problem: string | null) => (isTried || typed !== '' ? problem : null);
  return {
    isTried,
    /** What is to be sent, unless something is wrong with it. */
    send: () => {
      setTried(true);
      if (judged.problem !== undefined || bound.host !== null || bound.header !== null) return null;
      const { isBound, host, header } = binding;
      return { value: judged.value, host: isBound ? host : null, header: isBound ? header : null };
    },
    fields: (
      <>
        <ValueFields
          text={text}
          isJson={isJson}
          error={told(text, judged.problem ?? null)}
          onText={onText}
          onJson={onJson}
        />
        <BindingFields
          binding={binding}
          problems={{ host: told(binding.host, bound.host), header: told(binding.header, bound.header) }}
          onChange={onBinding}
        />
      </>
    ),
  };
}

function AddForm({ taken, onClose }: { taken: string[]; onClose: () => void }) {
  const [key, setKey] = useState('');
  const { isTried, send, fields } = useContents(UNBOUND);
  const addition = useAddSecret();
  const problem = judgeKey(key, taken);
  const submit = () => {
    const contents = send();
    if (problem !== null || contents === null) return;
    addition.mutate(
      { key, ...contents },
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
      {fields}
    </FormModal>
  );
}

function RotateForm({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { host, header } = secret;
  const { send, fields } = useContents(host && header ? { isBound: true, host, header } : UNBOUND);
  const rotation = useRotateSecret();
  const submit = () => {
    const contents = send();
    if (contents === null) return;
    rotation.mutate(
      { key: secret.key, version: secret.version, ...contents },
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
      {fields}
    </FormModal>
  );
}
