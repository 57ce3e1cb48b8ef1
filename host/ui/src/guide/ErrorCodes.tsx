// Every error code, to be searched by what somebody has before them: a code, or a word of it.
import { Code, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Search } from '../app/Search';
import { texts } from '../texts';
import { CODES, foundCodes } from './codes';

export function ErrorCodes() {
  const [search, setSearch] = useState('');
  const found = foundCodes(CODES, search);
  return (
    <Stack component="section" gap="sm" id="errors">
      <Title order={2} size="h3">
        {texts.guide.errors}
      </Title>
      <Text>{texts.guide.errorsLead}</Text>
      <Search label={texts.guide.searchErrors} value={search} onChange={setSearch} />
      {found.length === 0 && <Text role="status">{texts.guide.noError}</Text>}
      {found.map(({ id, title, lead, codes }) => (
        <Stack key={id} gap={4}>
          <Title order={3} size="h5">
            {title}
          </Title>
          {lead !== '' && <Text size="sm">{lead}</Text>}
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w="40%">{texts.guide.code}</Table.Th>
                <Table.Th>{texts.guide.when}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {codes.map((entry) => (
                <Table.Tr key={entry.code}>
                  <Table.Td>
                    <Code className="wrapped">{entry.code}</Code>
                  </Table.Td>
                  <Table.Td>
                    {entry.when}.
                    <Text size="sm" c="dimmed">
                      {entry.do}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Stack>
      ))}
    </Stack>
  );
}
