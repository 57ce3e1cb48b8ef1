// What an author has changed and not saved.
import type { Lambda, Setting } from '../api/lambdas';

export interface Draft {
  code: string;
  description: string;
  environment: Setting[];
  /** Whether instances that answered well serve further invocations. */
  reuse: boolean;
}

export function draftOf(lambda: Lambda): Draft {
  const { code, environmentVariables } = lambda.implementation;
  return {
    code,
    description: lambda.description,
    environment: environmentVariables,
    reuse: lambda.reuse ?? false,
  };
}

export function isDirty(lambda: Lambda, draft: Draft): boolean {
  const saved = draftOf(lambda);
  if (saved.code !== draft.code || saved.description !== draft.description || saved.reuse !== draft.reuse)
    return true;
  return JSON.stringify(saved.environment) !== JSON.stringify(draft.environment);
}

/** The function as it would be saved. */
export function withDraft(lambda: Lambda, draft: Draft): Lambda {
  const implementation = {
    ...lambda.implementation,
    code: draft.code,
    environmentVariables: draft.environment,
  };
  return { ...lambda, description: draft.description, reuse: draft.reuse, implementation };
}
