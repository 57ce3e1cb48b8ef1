// The last look at what is going to run: code, what has changed, environment, runtime, what it can reach.
import { Button, Card, Grid, List, Stack, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';
import { whitelistQuery } from '../api/account';
import { deploymentsQuery, type Lambda, lambdaQuery, useDeploy, versionQuery } from '../api/lambdas';
import { secretsQuery } from '../api/secrets';
import { Loaded } from '../app/Loaded';
import { tell } from '../app/notify';
import { Page } from '../app/Page';
import { ProblemAlert } from '../app/ProblemAlert';
import { CodeView } from '../editor/CodeView';
import { LazyDiff } from '../editor/LazyEditor';
import { texts } from '../texts';
import { productive } from './productive';

const HEIGHT = 480;

export function Review() {
  const { uuid = '' } = useParams();
  const query = useQuery(lambdaQuery(uuid));
  return <Loaded query={query}>{(lambda) => <Inspection lambda={lambda} />}</Loaded>;
}

function Inspection({ lambda }: { lambda: Lambda }) {
  const navigate = useNavigate();
  const deployment = useDeploy();
  const approve = () =>
    deployment.mutate(lambda.uuid, {
      onSuccess: () => {
        tell(texts.deploy.started(lambda.name));
        navigate('/deploy');
      },
    });
  const button = (
    <Button onClick={approve} loading={deployment.isPending}>
      {texts.deploy.approve}
    </Button>
  );
  return (
    <Page title={texts.deploy.reviewTitle(lambda.name)} lead={texts.deploy.reviewLead} actions={button}>
      <ProblemAlert error={deployment.error} />
      <Grid>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Tabs defaultValue="code">
            <Tabs.List>
              <Tabs.Tab value="code">{texts.deploy.code}</Tabs.Tab>
              <Tabs.Tab value="changes">{texts.deploy.changes}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="code" pt="sm">
              <CodeView code={lambda.implementation.code} label={texts.deploy.code} height={HEIGHT} />
            </Tabs.Panel>
            <Tabs.Panel value="changes" pt="sm">
              <Changes lambda={lambda} />
            </Tabs.Panel>
          </Tabs>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack>
            <Fact title={texts.deploy.environment}>
              {lambda.implementation.environmentVariables.length === 0 && (
                <Text size="sm">{texts.settingsTab.none}</Text>
              )}
              {lambda.implementation.environmentVariables.map(({ key, value }) => (
                <Text key={key} size="sm" className="wrapped">
                  <b>{key}</b> = {value}
                </Text>
              ))}
            </Fact>
            <Fact title={texts.deploy.runtime}>
              <Text size="sm">{lambda.runtime.name}</Text>
              <Text size="sm">{lambda.reuse ? texts.deploy.reused : texts.deploy.fresh}</Text>
            </Fact>
            <Reach />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder padding="sm">
      <Title order={2} size="h5">
        {title}
      </Title>
      {children}
    </Card>
  );
}

function Reach() {
  const hosts = useQuery(whitelistQuery());
  const secrets = useQuery(secretsQuery());
  return (
    <Fact title={texts.deploy.reach}>
      <Loaded query={hosts}>
        {(found) => (
          <Names
            title={texts.deploy.hosts}
            names={found.map(({ domain }) => domain)}
            none={texts.deploy.noHosts}
          />
        )}
      </Loaded>
      <Loaded query={secrets}>
        {(found) => (
          <Names
            title={texts.deploy.secrets}
            names={found.map(({ key }) => key)}
            none={texts.deploy.noSecrets}
          />
        )}
      </Loaded>
    </Fact>
  );
}

function Names({ title, names, none }: { title: string; names: string[]; none: string }) {
  if (names.length === 0) return <Text size="sm">{none}</Text>;
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <List size="sm">
        {names.map((name) => (
          <List.Item key={name}>{name}</List.Item>
        ))}
      </List>
    </div>
  );
}

function Changes({ lambda }: { lambda: Lambda }) {
  const deployments = useQuery(deploymentsQuery(lambda.uuid));
  return (
    <Loaded query={deployments}>
      {(all) => {
        const served = productive(all, lambda.state);
        if (served === null) return <Text>{texts.deploy.never}</Text>;
        return <Difference lambda={lambda} version={served.lambdaVersion} />;
      }}
    </Loaded>
  );
}

function Difference({ lambda, version }: { lambda: Lambda; version: number }) {
  const before = useQuery(versionQuery(lambda.uuid, version));
  return (
    <Loaded query={before}>
      {({ implementation }) =>
        implementation.code === lambda.implementation.code ? (
          <Text>{texts.deploy.noChanges}</Text>
        ) : (
          <LazyDiff
            before={implementation.code}
            after={lambda.implementation.code}
            label={texts.deploy.changes}
            height={`${HEIGHT}px`}
          />
        )
      }
    </Loaded>
  );
}
