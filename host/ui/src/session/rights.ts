// What a role may do, so that pages offer nothing that the server would refuse. The server decides anyway; this is
// the same matrix as in the guide.
import { type Session, useSession } from './session';

export type Permission = 'FaaS-Admin' | 'FaaS-Developer' | 'FaaS-Invocation' | 'LPA';

const MATRIX = {
  'lambda.read': ['FaaS-Admin', 'FaaS-Developer'],
  'lambda.write': ['FaaS-Developer'],
  'lambda.deploy': ['FaaS-Developer'],
  'lambda.invoke': ['FaaS-Developer', 'FaaS-Invocation'],
  'whitelist.read': ['FaaS-Admin', 'FaaS-Developer'],
  'whitelist.write': ['FaaS-Admin'],
  'secret.read': ['FaaS-Admin', 'FaaS-Developer'],
  'secret.write': ['FaaS-Admin'],
  'secret.plain': ['FaaS-Admin'],
  'schedule.read': ['FaaS-Admin', 'FaaS-Developer'],
  'schedule.write': ['FaaS-Admin', 'FaaS-Developer'],
  'log.read': ['FaaS-Admin', 'FaaS-Developer'],
  'activity.read': ['FaaS-Admin', 'FaaS-Developer'],
  'app.read': ['FaaS-Admin', 'FaaS-Developer'],
  'app.write': ['FaaS-Admin'],
  'user.read': ['FaaS-Admin'],
  'user.write': [],
  'limit.read': ['FaaS-Admin', 'FaaS-Developer', 'FaaS-Invocation'],
  'account.manage': null,
} as const satisfies Record<string, readonly Permission[] | null>;

export type Right = keyof typeof MATRIX;

/** What the operator does in every account: people and apps, not what lambdas do. */
const OPERATORS: readonly Right[] = ['app.read', 'app.write', 'user.read', 'user.write', 'account.manage'];

export function may(session: Session | null, right: Right): boolean {
  if (session === null) return false;
  if (session.isOperator) return OPERATORS.includes(right);
  const holders: readonly Permission[] | null = MATRIX[right];
  if (holders === null) return false;
  return session.privileges.some((held) => held === 'LPA' || holders.includes(held));
}

export function useMay(right: Right): boolean {
  return may(useSession(), right);
}

/** Where somebody begins: the first page of theirs. */
export function home(session: Session): string {
  if (may(session, 'lambda.read')) return '/develop';
  if (session.isOperator) return '/accounts';
  return '/no-access';
}
