import { describe, expect, it } from 'vitest';
import { home, may, type Permission } from './rights';
import type { Session } from './session';

function somebody(privileges: Permission[], isOperator = false): Session {
  const rest = { account: '1', csrf: '', userId: '', loginName: 'x', mustChangePassword: false };
  return { ...rest, privileges, isOperator };
}

describe('the matrix of the guide', () => {
  it('lets admins read lambdas and manage whitelist and secrets, and nothing more', () => {
    const admin = somebody(['FaaS-Admin']);
    for (const right of ['lambda.read', 'whitelist.write', 'secret.write', 'secret.plain'] as const) {
      expect(may(admin, right), right).toBe(true);
    }
    for (const right of ['lambda.write', 'lambda.deploy', 'lambda.invoke', 'user.write'] as const) {
      expect(may(admin, right), right).toBe(false);
    }
  });

  it('lets developers manage lambdas and read the rest', () => {
    const developer = somebody(['FaaS-Developer']);
    for (const right of [
      'lambda.write',
      'lambda.deploy',
      'lambda.invoke',
      'whitelist.read',
      'secret.read',
    ] as const) {
      expect(may(developer, right), right).toBe(true);
    }
    for (const right of ['whitelist.write', 'secret.write', 'secret.plain', 'user.read'] as const) {
      expect(may(developer, right), right).toBe(false);
    }
  });

  it('gives invokers no page, operators people and apps, and nobody anything', () => {
    expect(home(somebody(['FaaS-Invocation']))).toBe('/no-access');
    const operator = somebody([], true);
    expect(home(operator)).toBe('/accounts');
    expect(may(operator, 'user.write')).toBe(true);
    expect(may(operator, 'lambda.read')).toBe(false);
    expect(may(null, 'lambda.read')).toBe(false);
  });

  it('gives whoever may do everything everything of an account', () => {
    const lpa = somebody(['LPA']);
    expect(may(lpa, 'user.write')).toBe(true);
    expect(may(lpa, 'lambda.deploy')).toBe(true);
    expect(may(lpa, 'account.manage')).toBe(false);
  });
});
