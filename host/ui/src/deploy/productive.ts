// Which deployment of a function is in service: the newest that was put there. A failed one changes nothing.
import type { Deployment, Lambda } from '../api/lambdas';

export function productive(deployments: readonly Deployment[], state: Lambda['state']): Deployment | null {
  if (state === 'Draft' || state === 'Marked Undeployed') return null;
  const served = deployments.filter(({ deploymentState }) => deploymentState === 'Deploy Finish');
  return served.reduce<Deployment | null>(
    (newest, one) => (newest === null || one.createdAt >= newest.createdAt ? one : newest),
    null,
  );
}
