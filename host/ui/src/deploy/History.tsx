// The deployments that are kept of a function: compare them with what is saved now, and go back to one.
import { Badge, Button, Group, Modal, Table } from '@mantine/core';
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
            <Table.ScrollContainer minWidth={560}>
              <Table verticalSpacing="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{texts.settingsTab.version}</Table.Th>
                    <Table.Th>{columns.state}</Table.Th>
                    <Table.Th>{columns.when}</Table.Th>
                    <Table.Th>{columns.who}</Table.Th>
                    <Table.Th>{columns.actions}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {[...all].reverse().map((deployment) => (
                    <Table.Tr key={deployment.uuid}>
                      <Table.Td>
                        {texts.deploy.version(deployment.lambdaVersion)}{' '}
                        {deployment === served && (
                          <Badge variant="default" style={{ textTransform: 'none' }}>
                            {texts.deploy.inService}
                          </Badge>
                        )}
                      </Table.Td>
                      <Table.Td>
                        <DeploymentBadge deployment={deployment} />
                      </Table.Td>
                      <Table.Td title={moment(deployment.createdAt)}>{ago(deployment.createdAt)}</Table.Td>
                      <Table.Td>{deployment.createdBy}</Table.Td>
                      <Table.Td>
                        <Group gap="xs" wrap="nowrap">
                          <Button size="compact-sm" variant="default" onClick={() => setCompared(deployment)}>
                            {texts.deploy.compare}
                          </Button>
                          {mayDeploy &&
                            deployment.deploymentState === 'Deploy Finish' &&
                            deployment !== served && (
                              <Button
                                size="compact-sm"
                                variant="default"
                                onClick={() => setWanted(deployment)}
                              >
                                {texts.deploy.rollback}
                              </Button>
                            )}
                        </Group>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
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
