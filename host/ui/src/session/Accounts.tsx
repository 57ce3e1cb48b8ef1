// The operator's choice of an account. What is done in Settings is done there.
import { Badge, Button, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { accountsQuery } from '../api/account';
import { Loaded } from '../app/Loaded';
import { tell } from '../app/notify';
import { Page } from '../app/Page';
import { texts } from '../texts';
import { session, useSession } from './session';

export function Accounts() {
  const held = useSession();
  const query = useQuery(accountsQuery());
  const choose = (id: string) => {
    if (held === null) return;
    session.begin({ ...held, managed: id });
    tell(texts.accounts.chosen(id));
  };
  return (
    <Page title={texts.accounts.title} lead={texts.accounts.lead}>
      <Loaded query={query}>
        {(accounts) => (
          <Table.ScrollContainer minWidth={360}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{texts.accounts.id}</Table.Th>
                  <Table.Th>{texts.accounts.name}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {accounts.map(({ id, name }) => (
                  <Table.Tr key={id}>
                    <Table.Td>{id}</Table.Td>
                    <Table.Td>{name}</Table.Td>
                    <Table.Td>
                      {held?.managed === id ? (
                        <Badge>{texts.accounts.chosen(id)}</Badge>
                      ) : (
                        <Button size="compact-sm" variant="default" onClick={() => choose(id)}>
                          {texts.accounts.choose}
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Page>
  );
}
