// The author's guide, with the limits and templates that are in force here for whoever is signed in.
import { Anchor, Grid, List, NavLink, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { limitsQuery } from '../api/account';
import { templatesQuery } from '../api/lambdas';
import { Loaded } from '../app/Loaded';
import { Page } from '../app/Page';
import { CodeView } from '../editor/CodeView';
import { number } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';
import { Compatibility } from './Compatibility';
import { CHAPTERS, type Chapter, type Part } from './chapters';
import { ErrorCodes } from './ErrorCodes';
import { Modules } from './Modules';

export function Guide() {
  const mayLimits = useMay('limit.read');
  const mayTemplates = useMay('lambda.read');
  const contents = [
    ...CHAPTERS.map(({ id, title }) => ({ id, title })),
    { id: 'modules', title: texts.guide.modules },
    { id: 'compatibility', title: texts.guide.compatibility },
    { id: 'errors', title: texts.guide.errors },
    ...(mayLimits ? [{ id: 'limits', title: texts.guide.limits }] : []),
    ...(mayTemplates ? [{ id: 'examples', title: texts.guide.examples }] : []),
  ];
  return (
    <Page title={texts.guide.title} lead={texts.guide.lead}>
      <Grid>
        <Grid.Col span={{ base: 12, md: 3 }}>
          <nav aria-label={texts.guide.contents}>
            {contents.map(({ id, title }) => (
              <NavLink key={id} href={`#${id}`} label={title} />
            ))}
          </nav>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}>
          <Stack gap="xl" maw={760}>
            {CHAPTERS.map((chapter) => (
              <Section key={chapter.id} chapter={chapter} />
            ))}
            <Modules />
            <Compatibility />
            <ErrorCodes />
            {mayLimits && <Limits />}
            {mayTemplates && <Examples />}
            <Anchor href="/docs/api">{texts.guide.api}</Anchor>
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Section({ chapter }: { chapter: Chapter }) {
  return (
    <Stack component="section" gap="sm" id={chapter.id}>
      <Title order={2} size="h3">
        {chapter.title}
      </Title>
      {chapter.parts.map((part, at) => (
        <Piece key={`${chapter.id} ${at}`} part={part} label={chapter.title} />
      ))}
    </Stack>
  );
}

function Piece({ part, label }: { part: Part; label: string }) {
  if ('text' in part) return <Text>{part.text}</Text>;
  if ('code' in part) return <CodeView code={part.code} label={`${texts.guide.example}: ${label}`} />;
  return (
    <List>
      {part.list.map((item) => (
        <List.Item key={item}>{item}</List.Item>
      ))}
    </List>
  );
}

function Limits() {
  const query = useQuery(limitsQuery());
  return (
    <Stack component="section" gap="sm" id="limits">
      <Title order={2} size="h3">
        {texts.guide.limits}
      </Title>
      <Loaded query={query}>
        {(limits) => (
          <Table>
            <Table.Tbody>
              {limits.map(({ name, value, unit, meaning }) => (
                <Table.Tr key={name}>
                  <Table.Td>{meaning}</Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>
                    {number(value)} {unit}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
    </Stack>
  );
}

function Examples() {
  const query = useQuery(templatesQuery());
  return (
    <Stack component="section" gap="sm" id="examples">
      <Title order={2} size="h3">
        {texts.guide.examples}
      </Title>
      <Loaded query={query}>
        {(templates) => (
          <>
            {templates.map(({ id, name, description, code }) => (
              <details key={id}>
                <summary>
                  {name}: {description}
                </summary>
                <CodeView code={code} label={name} height={420} />
              </details>
            ))}
          </>
        )}
      </Loaded>
    </Stack>
  );
}
