// The limits in force, from the code that enforces them, and how much is used.
import { Progress, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { limitsQuery, monthQuery } from '../api/account';
import { Loaded } from '../app/Loaded';
import { Page } from '../app/Page';
import { number } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';

export function Limits() {
  const query = useQuery(limitsQuery());
  return (
    <Page title={texts.settings.limits} lead={texts.limits.lead}>
      {useMay('log.read') && <Month />}
      <Loaded query={query}>
        {(limits) => (
          <Table.ScrollContainer minWidth={640}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{texts.limits.name}</Table.Th>
                  <Table.Th>{texts.limits.value}</Table.Th>
                  <Table.Th>{texts.limits.used}</Table.Th>
                  <Table.Th>{texts.limits.meaning}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {limits.map(({ name, value, unit, used, meaning }) => (
                  <Table.Tr key={name}>
                    <Table.Td ff="monospace">{name}</Table.Td>
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      {number(value)} {unit}
                    </Table.Td>
                    <Table.Td>
                      {used !== undefined && (
                        <>
                          {number(used)}
                          <Progress
                            value={value > 0 ? (100 * used) / value : 0}
                            aria-label={`${name}: ${used} of ${value}`}
                          />
                        </>
                      )}
                    </Table.Td>
                    <Table.Td>{meaning}</Table.Td>
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

function Month() {
  const query = useQuery(monthQuery());
  return (
    <Loaded query={query}>
      {({ successfulInvocations, unsuccessfulInvocations }) => (
        <Text>
          {texts.limits.month}: {texts.limits.succeeded(number(successfulInvocations))},{' '}
          {texts.limits.failed(number(unsuccessfulInvocations))}
        </Text>
      )}
    </Loaded>
  );
}
