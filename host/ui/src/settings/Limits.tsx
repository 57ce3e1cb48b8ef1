// The limits in force, from the code that enforces them, and how much is used.
import { Code, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { limitsQuery, monthQuery } from '../api/account';
import { Loaded } from '../app/Loaded';
import { Page } from '../app/Page';
import { Rows } from '../app/Rows';
import { amount, number } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';

export function Limits() {
  const query = useQuery(limitsQuery());
  return (
    <Page title={texts.settings.limits} lead={texts.limits.lead}>
      {useMay('log.read') && <Month />}
      <Loaded query={query}>
        {(limits) => (
          <Rows
            rows={limits}
            id={({ name }) => name}
            columns={[
              { title: texts.limits.name, cell: ({ name }) => <Code>{name}</Code> },
              {
                title: texts.limits.value,
                cell: ({ value, unit }) => amount(value, unit),
                hint: ({ value, unit }) => `${number(value)} ${unit}`,
              },
              {
                title: texts.limits.used,
                cell: ({ name, used, value }) =>
                  used !== undefined && (
                    <>
                      {number(used)}
                      <Progress
                        value={value > 0 ? (100 * used) / value : 0}
                        aria-label={`${name}: ${used} of ${value}`}
                      />
                    </>
                  ),
              },
              { title: texts.limits.meaning, cell: ({ meaning }) => meaning },
            ]}
          />
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
