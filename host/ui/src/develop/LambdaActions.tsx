// What can be done with a function, by those who may.
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { type Lambda, useDeleteLambda, useUndeploy } from '../api/lambdas';
import { Confirm } from '../app/Confirm';
import { tell } from '../app/notify';
import { useMay } from '../session/rights';
import { texts } from '../texts';

export function LambdaActions({ lambda }: { lambda: Lambda }) {
  const { uuid, name } = lambda;
  const mayWrite = useMay('lambda.write');
  const mayDeploy = useMay('lambda.deploy');
  const mayInvoke = useMay('lambda.invoke');
  const [asked, setAsked] = useState<'delete' | 'undeploy' | null>(null);
  const removal = useDeleteLambda();
  const withdrawal = useUndeploy();
  const isServed =
    lambda.lastDeployment !== null && lambda.lastDeployment !== undefined && lambda.state !== 'Draft';
  const remove = () =>
    removal.mutate(uuid, {
      onSuccess: () => {
        setAsked(null);
        tell(texts.develop.deleted(name));
      },
    });
  const undeploy = () =>
    withdrawal.mutate(uuid, {
      onSuccess: () => {
        setAsked(null);
        tell(texts.deploy.undeployed(name));
      },
    });
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={texts.develop.actions(name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to={`/develop/${uuid}`}>
            {mayWrite ? texts.develop.edit : texts.develop.view}
          </Menu.Item>
          {mayDeploy && (
            <Menu.Item component={Link} to={`/deploy/${uuid}/review`}>
              {texts.develop.deploy}
            </Menu.Item>
          )}
          {mayInvoke && isServed && (
            <Menu.Item component={Link} to={`/invoke/${uuid}`}>
              {texts.develop.invoke}
            </Menu.Item>
          )}
          <Menu.Item component={Link} to={`/deploy/${uuid}`}>
            {texts.develop.history}
          </Menu.Item>
          {mayDeploy && isServed && (
            <Menu.Item onClick={() => setAsked('undeploy')}>{texts.develop.undeploy}</Menu.Item>
          )}
          {mayWrite && (
            <Menu.Item c="var(--mantine-color-error)" onClick={() => setAsked('delete')}>
              {texts.delete}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        title={texts.develop.deleteTitle(name)}
        lead={texts.develop.deleteLead}
        action={texts.delete}
        isOpen={asked === 'delete'}
        isBusy={removal.isPending}
        error={removal.error}
        onConfirm={remove}
        onClose={() => setAsked(null)}
      />
      <Confirm
        title={texts.deploy.undeployTitle(name)}
        lead={texts.deploy.undeployLead}
        action={texts.develop.undeploy}
        isOpen={asked === 'undeploy'}
        isBusy={withdrawal.isPending}
        error={withdrawal.error}
        onConfirm={undeploy}
        onClose={() => setAsked(null)}
      />
    </>
  );
}
