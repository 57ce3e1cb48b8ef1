// Every module and function of Node: works, works with limits, throws, or is not there.
import { Badge, Code, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../app/Loaded';
import { Search } from '../app/Search';
import { texts } from '../texts';
import { compatibility, type Entry, foundEntries, type Module } from './compatibility';

const COLOURS = { works: 'green', limits: 'yellow', throws: 'red', missing: 'gray' } as const;

export function Compatibility() {
  const query = useQuery({
    queryKey: ['compatibility'],
    queryFn: compatibility,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [search, setSearch] = useState('');
  return (
    <Stack component="section" gap="sm" id="compatibility">
      <Title order={2} size="h3">
        {texts.guide.compatibility}
      </Title>
      <Text>{texts.guide.compatibilityLead}</Text>
      <Search label={texts.guide.searchCompatibility} value={search} onChange={setSearch} />
      <Loaded query={query}>
        {(modules) => <Found modules={foundEntries(modules, search)} open={search.trim() !== ''} />}
      </Loaded>
    </Stack>
  );
}

function Found({ modules, open }: { modules: Module[]; open: boolean }) {
  if (modules.length === 0) return <Text role="status">{texts.guide.noEntry}</Text>;
  return modules.map((one) => (
    <details key={`${one.module} ${open}`} open={open}>
      <summary>
        {one.module}: {summary(one.entries)}
      </summary>
      {one.refused !== undefined && <Text size="sm">{texts.guide.refused(one.refused)}</Text>}
      <Table>
        <Table.Tbody>
          {one.entries.map(({ name, status, note, addedTo }) => (
            <Table.Tr key={name}>
              <Table.Td w="40%">
                <Code className="wrapped">{name}</Code>
              </Table.Td>
              <Table.Td>
                <Badge variant="default" leftSection={<Dot status={status} />} tt="none">
                  {texts.guide.statuses[status]}
                </Badge>
                {addedTo !== undefined && <Text size="sm">{texts.guide.added}</Text>}
                {note !== undefined && <Text size="sm">{note}</Text>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  ));
}

function Dot({ status }: { status: Entry['status'] }) {
  return (
    <Text component="span" c={COLOURS[status]} aria-hidden>
      {'●'}
    </Text>
  );
}

/** `12 work, 3 with limits`. */
function summary(entries: readonly Entry[]): string {
  const counted = (['works', 'limits', 'throws', 'missing'] as const).flatMap((status) => {
    const count = entries.filter((entry) => entry.status === status).length;
    return count === 0 ? [] : [texts.guide.counted(status, count)];
  });
  return counted.join(', ');
}
