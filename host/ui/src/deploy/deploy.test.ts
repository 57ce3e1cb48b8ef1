import { expect, it } from 'vitest';
import type { Deployment } from '../api/lambdas';
import { productive } from './productive';

const deployment = (uuid: string, createdAt: string, deploymentState: Deployment['deploymentState']) =>
  ({ uuid, createdAt, deploymentState }) as Deployment;

it('finds what is in service', () => {
  const all = [
    deployment('a', '1', 'Deploy Finish'),
    deployment('b', '2', 'Deploy Finish'),
    deployment('c', '3', 'Build Error'),
  ];
  expect(productive(all, 'Build Error')?.uuid).toBe('b');
  expect(productive(all, 'Draft')).toBeNull();
  expect(productive([], 'Productive')).toBeNull();
});
