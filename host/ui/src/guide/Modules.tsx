// What can be required, in which version, and where it is explained.
import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { MODULES } from '../editor/modules';
import { texts } from '../texts';

export function Modules() {
  return (
    <Stack component="section" gap="sm" id="modules">
      <Title order={2} size="h3">
        {texts.guide.modules}
      </Title>
      <Text>{texts.guide.modulesLead}</Text>
      <Table>
        <Table.Tbody>
          {MODULES.map(({ name, version, documentation }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Anchor href={documentation} aria-label={texts.settingsTab.documentation(name)}>
                  {name}
                </Anchor>
              </Table.Td>
              <Table.Td>{version}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
