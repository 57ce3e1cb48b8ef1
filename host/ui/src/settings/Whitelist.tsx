// The domains that functions of the account may call.
import { ActionIcon, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useAllowDomain, useForbidDomain, whitelistQuery } from '../api/account';
import { Loaded } from '../app/Loaded';
import { complain, tell } from '../app/notify';
import { Page } from '../app/Page';
import { ProblemAlert } from '../app/ProblemAlert';
import { counterpart, judgeDomain } from '../develop/domains';
import { useMay } from '../session/rights';
import { texts } from '../texts';

export function WhitelistPage() {
  return (
    <Page title={texts.wizard.whitelist} lead={texts.wizard.toggleLead}>
      <Whitelist />
    </Page>
  );
}

export function Whitelist() {
  const query = useQuery(whitelistQuery());
  const mayWrite = useMay('whitelist.write');
  const removal = useForbidDomain();
  const remove = (id: number, domain: string) =>
    removal.mutate(id, {
      onSuccess: () => tell(texts.domains.removed(domain)),
      onError: (error) => complain(error),
    });
  return (
    <Loaded query={query}>
      {(entries) => (
        <Stack>
          {mayWrite ? (
            <AddDomain taken={entries.map(({ domain }) => domain)} />
          ) : (
            <Text>{texts.wizard.readOnly}</Text>
          )}
          {entries.length === 0 ? (
            <Text c="dimmed">{texts.domains.none}</Text>
          ) : (
            <Table>
              <Table.Tbody>
                {entries.map(({ id, domain }) => (
                  <Table.Tr key={id}>
                    <Table.Td>{domain}</Table.Td>
                    {mayWrite && (
                      <Table.Td ta="right">
                        <ActionIcon
                          variant="default"
                          aria-label={texts.domains.remove(domain)}
                          onClick={() => remove(id, domain)}
                        >
                          <IconTrash size={16} />
                        </ActionIcon>
                      </Table.Td>
                    )}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function AddDomain({ taken }: { taken: string[] }) {
  const [domain, setDomain] = useState('');
  const [isTried, setTried] = useState(false);
  const [added, setAdded] = useState('');
  const addition = useAllowDomain();
  const judgement = judgeDomain(domain.trim(), taken);
  const pair = counterpart(added);
  const add = () => {
    setTried(true);
    if (judgement !== null) return;
    const name = domain.trim();
    addition.mutate(name, {
      onSuccess: () => {
        setDomain('');
        setTried(false);
        setAdded(name);
        tell(texts.domains.added(name));
      },
    });
  };
  // Not a form: it also stands inside of the wizard's.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  return (
    <Stack gap="xs">
      <Group align="flex-start">
        <TextInput
          style={{ flex: '1 1 280px' }}
          label={texts.domains.label}
          description={texts.domains.hint}
          value={domain}
          onChange={(event) => setDomain(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          error={domain !== '' || isTried ? judgement : null}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        <Button mt={25} onClick={add} loading={addition.isPending}>
          {texts.domains.add}
        </Button>
      </Group>
      {pair !== null && !taken.includes(pair) && <Text size="sm">{texts.domains.pair(pair)}</Text>}
      <ProblemAlert error={addition.error} />
    </Stack>
  );
}
