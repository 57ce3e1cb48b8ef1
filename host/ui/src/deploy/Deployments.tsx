// What is deployed, and how it went.
import { Anchor, Button, Card, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { isRunning, type Lambda, lambdasQuery } from '../api/lambdas';
import { Loaded } from '../app/Loaded';
import { Page } from '../app/Page';
import { LambdaActions } from '../develop/LambdaActions';
import { ago, moment } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';
import { DeploymentBadge } from './DeploymentBadge';

export function Deployments() {
  const query = useQuery(lambdasQuery());
  const mayDeploy = useMay('lambda.deploy');
  const create = mayDeploy && (
    <Button component={Link} to="/deploy/new" leftSection={<IconRocket size={16} />}>
      {texts.deploy.create}
    </Button>
  );
  return (
    <Page title={texts.deploy.title} actions={create}>
      <Loaded query={query}>
        {(lambdas) => {
          const deployed = lambdas.filter(
            ({ state, lastDeployment }) => lastDeployment && (state !== 'Draft' || isRunning(lastDeployment)),
          );
          return deployed.length === 0 ? <Empty /> : <List lambdas={deployed} />;
        }}
      </Loaded>
    </Page>
  );
}

function Empty() {
  return (
    <Card withBorder p="xl">
      <Stack align="flex-start">
        <Title order={2} size="h3">
          {texts.deploy.empty}
        </Title>
        <Text>{texts.deploy.emptyLead}</Text>
      </Stack>
    </Card>
  );
}

function List({ lambdas }: { lambdas: Lambda[] }) {
  const { columns } = texts.deploy;
  const mayInvoke = useMay('lambda.invoke');
  const newest = [...lambdas].sort((one, other) =>
    (other.lastDeployment?.createdAt ?? '').localeCompare(one.lastDeployment?.createdAt ?? ''),
  );
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.name}</Table.Th>
            <Table.Th>{columns.state}</Table.Th>
            <Table.Th>{columns.when}</Table.Th>
            <Table.Th>{columns.who}</Table.Th>
            <Table.Th>{columns.actions}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {newest.map((lambda) => {
            const { uuid, name, lastDeployment } = lambda;
            if (!lastDeployment) return null;
            return (
              <Table.Tr key={uuid}>
                <Table.Td>
                  <Anchor component={Link} to={`/deploy/${uuid}`} fw={600}>
                    {name}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <DeploymentBadge deployment={lastDeployment} />
                </Table.Td>
                <Table.Td title={moment(lastDeployment.updatedAt)}>{ago(lastDeployment.updatedAt)}</Table.Td>
                <Table.Td>{lastDeployment.createdBy}</Table.Td>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap">
                    {mayInvoke && lastDeployment.deploymentState === 'Deploy Finish' && (
                      <Button
                        component={Link}
                        to={`/invoke/${uuid}`}
                        size="compact-sm"
                        variant="default"
                        aria-label={`${texts.develop.invoke} ${name}`}
                      >
                        {texts.develop.invoke}
                      </Button>
                    )}
                    <LambdaActions lambda={lambda} />
                  </Group>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
