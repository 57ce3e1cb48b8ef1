// The deployments that are kept of a function: compare them with what is saved now, and go back to one.
import { Badge, Button, Group, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import {
  type Deployment,
  deploymentsQuery,
  type Lambda,
  lambdaQuery,
  useRollBack,
  versionQuery,
} from '../api/lambdas';
import { Confirm } from '../app/Confirm';
import { Loaded } from '../app/Loaded';
import { tell } from '../app/notify';
import { Page } from '../app/Page';
import { Rows } from '../app/Rows';
import { LambdaActions } from '../develop/LambdaActions';
import { StateBadge } from '../develop/StateBadge';
import { LazyDiff } from '../editor/LazyEditor';
import { ago, moment } from '../format';
import { useMay } from '../session/rights';
import { texts } from '../texts';
import { DeploymentBadge } from './DeploymentBadge';
import { productive } from './productive';

export function History() {
  const { uuid = '' } = useParams();
  const query = useQuery(lambdaQuery(uuid));
  return (
    <Loaded query={query}>
      {(lambda) => (
        <Page
          title={texts.deploy.historyTitle(lambda.name)}
          lead={<StateBadge state={lambda.state} />}
          actions={<LambdaActions lambda={lambda} />}
        >
          <Records lambda={lambda} />
        </Page>
      )}
    </Loaded>
  );
}

function Records({ lambda }: { lambda: Lambda }) {
  const query = useQuery(deploymentsQuery(lambda.uuid));
  const mayDeploy = useMay('lambda.deploy');
  const [compared, setCompared] = useState<Deployment | null>(null);
  const [wanted, setWanted] = useState<Deployment | null>(null);
  const rollback = useRollBack();
  const { columns } = texts.deploy;
  const rollBack = () => {
    if (wanted === null) return;
    rollback.mutate(
      { uuid: lambda.uuid, deployment: wanted.uuid },
      {
        onSuccess: () => {
          tell(texts.deploy.rolledBack(wanted.lambdaVersion));
          setWanted(null);
        },
      },
    );
  };
  return (
    <Loaded query={query}>
      {(all) => {
        const served = productive(all, lambda.state);
        return (
          <>
            <Rows
              rows={[...all].reverse()}
              id={(deployment) => deployment.uuid}
              columns={[
                {
                  title: texts.settingsTab.version,
                  cell: (deployment) => (
                    <>
                      {texts.deploy.version(deployment.lambdaVersion)}{' '}
                      {deployment === served && (
                        <Badge variant="default" style={{ textTransform: 'none' }}>
                          {texts.deploy.inService}
                        </Badge>
                      )}
                    </>
                  ),
                },
                { title: columns.state, cell: (deployment) => <DeploymentBadge deployment={deployment} /> },
                {
                  title: columns.when,
                  cell: (deployment) => ago(deployment.createdAt),
                  hint: (deployment) => moment(deployment.createdAt),
                },
                { title: columns.who, cell: (deployment) => deployment.createdBy },
                {
                  title: columns.actions,
                  cell: (deployment) => (
                    <Group gap="xs" component="span" display="inline-flex">
                      <Button size="compact-sm" variant="default" onClick={() => setCompared(deployment)}>
                        {texts.deploy.compare}
                      </Button>
                      {mayDeploy &&
                        deployment.deploymentState === 'Deploy Finish' &&
                        deployment !== served && (
                          <Button size="compact-sm" variant="default" onClick={() => setWanted(deployment)}>
                            {texts.deploy.rollback}
                          </Button>
                        )}
                    </Group>
                  ),
                },
              ]}
            />
            <Modal
              opened={compared !== null}
              onClose={() => setCompared(null)}
              size="90%"
              title={texts.deploy.compareTitle(compared?.lambdaVersion ?? 0, lambda.version)}
              closeButtonProps={{ 'aria-label': texts.close }}
            >
              {compared && <Comparison lambda={lambda} version={compared.lambdaVersion} />}
            </Modal>
            <Confirm
              title={texts.deploy.rollbackTitle(wanted?.lambdaVersion ?? 0)}
              lead={texts.deploy.rollbackLead}
              action={texts.deploy.rollback}
              isOpen={wanted !== null}
              isBusy={rollback.isPending}
              error={rollback.error}
              onConfirm={rollBack}
              onClose={() => setWanted(null)}
            />
          </>
        );
      }}
    </Loaded>
  );
}

function Comparison({ lambda, version }: { lambda: Lambda; version: number }) {
  const query = useQuery(versionQuery(lambda.uuid, version));
  return (
    <Loaded query={query}>
      {({ implementation }) => (
        <LazyDiff
          before={implementation.code}
          after={lambda.implementation.code}
          label={texts.deploy.compare}
          height="60vh"
        />
      )}
    </Loaded>
  );
}
