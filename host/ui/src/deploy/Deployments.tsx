// What is deployed, and how it went.
import { Anchor, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { isRunning, type Lambda, lambdasQuery } from '../api/lambdas';
import { Loaded } from '../app/Loaded';
import { Page } from '../app/Page';
import { Rows } from '../app/Rows';
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
    <Rows
      rows={newest}
      id={({ uuid }) => uuid}
      columns={[
        {
          title: columns.name,
          cell: ({ uuid, name }) => (
            <Anchor component={Link} to={`/deploy/${uuid}`} fw={600}>
              {name}
            </Anchor>
          ),
        },
        {
          title: columns.state,
          cell: ({ lastDeployment }) => lastDeployment && <DeploymentBadge deployment={lastDeployment} />,
        },
        {
          title: columns.when,
          cell: ({ lastDeployment }) => lastDeployment && ago(lastDeployment.updatedAt),
          hint: ({ lastDeployment }) => (lastDeployment ? moment(lastDeployment.updatedAt) : undefined),
        },
        { title: columns.who, cell: ({ lastDeployment }) => lastDeployment?.createdBy },
        {
          title: columns.actions,
          cell: (lambda) => (
            <Group gap="xs" wrap="nowrap" component="span" display="inline-flex">
              {mayInvoke && lambda.lastDeployment?.deploymentState === 'Deploy Finish' && (
                <Button
                  component={Link}
                  to={`/invoke/${lambda.uuid}`}
                  size="compact-sm"
                  variant="default"
                  aria-label={`${texts.develop.invoke} ${lambda.name}`}
                >
                  {texts.develop.invoke}
                </Button>
              )}
              <LambdaActions lambda={lambda} />
            </Group>
          ),
        },
      ]}
    />
  );
}
