// The functions of an account, by state.
import {
  Anchor,
  Box,
  Button,
  Card,
  Group,
  ScrollArea,
  SegmentedControl,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { eventsQuery, type Lambda, lambdasQuery } from '../api/lambdas';
import { Loaded } from '../app/Loaded';
import { Page } from '../app/Page';
import { Search } from '../app/Search';
import { ago, moment } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';
import { counts, type Group as Kind, shown } from './filter';
import { LambdaActions } from './LambdaActions';
import { StateBadge } from './StateBadge';

function CreateButton() {
  return (
    <Button component={Link} to="/develop/new" leftSection={<IconPlus size={16} />}>
      {texts.develop.create}
    </Button>
  );
}

export function Overview() {
  const query = useQuery(lambdasQuery());
  const mayWrite = useMay('lambda.write');
  const isEmpty = query.data?.length === 0;
  return (
    <Page title={texts.develop.title} actions={mayWrite && !isEmpty && <CreateButton />}>
      <Loaded query={query}>
        {(lambdas) => (lambdas.length === 0 ? <Empty /> : <List lambdas={lambdas} />)}
      </Loaded>
    </Page>
  );
}

function Empty() {
  const mayWrite = useMay('lambda.write');
  return (
    <Card withBorder p="xl">
      <Stack align="flex-start">
        <Title order={2} size="h3">
          {texts.develop.empty}
        </Title>
        <Text>{mayWrite ? texts.develop.emptyLead : texts.develop.emptyReader}</Text>
        {mayWrite && <CreateButton />}
      </Stack>
    </Card>
  );
}

function List({ lambdas }: { lambdas: Lambda[] }) {
  const [group, setGroup] = useState<Kind>('all');
  const [search, setSearch] = useState('');
  const events = useQuery(eventsQuery());
  const many = counts(lambdas);
  const found = shown(lambdas, group, search);
  const labels = {
    all: texts.develop.all,
    drafts: texts.develop.drafts,
    productive: texts.develop.productive,
    errors: texts.develop.errors,
  };
  const eventName = (id: string | null | undefined) =>
    events.data?.find(({ eventId }) => eventId === id)?.eventName ?? id ?? texts.develop.noEvent;
  const { columns } = texts.develop;
  return (
    <>
      <Group justify="space-between">
        <ScrollArea type="never" maw="100%">
          <SegmentedControl
            aria-label={texts.develop.filter}
            value={group}
            onChange={(value) => setGroup(value as Kind)}
            data={(Object.keys(labels) as Kind[]).map((value) => ({
              value,
              label: `${labels[value]} (${many[value]})`,
            }))}
          />
        </ScrollArea>
        <Search label={texts.search} value={search} onChange={setSearch} />
      </Group>
      {found.length === 0 ? (
        <Text role="status">
          {texts.develop.nothing}. {texts.develop.nothingLead}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={300}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{columns.name}</Table.Th>
                <Table.Th visibleFrom="sm">{columns.state}</Table.Th>
                <Table.Th visibleFrom="sm">{columns.event}</Table.Th>
                <Table.Th visibleFrom="sm">{columns.changed}</Table.Th>
                <Table.Th>{columns.actions}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((lambda) => (
                <Table.Tr key={lambda.uuid}>
                  <Table.Td>
                    <Anchor component={Link} to={`/develop/${lambda.uuid}`} fw={600} className="wrapped">
                      {lambda.name}
                    </Anchor>
                    <Text size="sm" c="dimmed" className="wrapped">
                      {lambda.description}
                    </Text>
                    {/* On a narrow screen there is no column for it. */}
                    <Box hiddenFrom="sm">
                      <StateBadge state={lambda.state} />
                    </Box>
                  </Table.Td>
                  <Table.Td visibleFrom="sm">
                    <StateBadge state={lambda.state} />
                  </Table.Td>
                  <Table.Td visibleFrom="sm">{eventName(lambda.eventId)}</Table.Td>
                  <Table.Td visibleFrom="sm" title={moment(lambda.updatedAt)}>
                    {texts.develop.changedBy(ago(lambda.updatedAt), lambda.updatedBy)}
                  </Table.Td>
                  <Table.Td>
                    <LambdaActions lambda={lambda} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}
