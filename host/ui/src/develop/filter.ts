// Which functions the overview shows: by state and by a part of the name.
import type { Lambda, LambdaState } from '../api/lambdas';

export type Group = 'all' | 'drafts' | 'productive' | 'errors';

const GROUPS: Record<Exclude<Group, 'all'>, readonly LambdaState[]> = {
  drafts: ['Draft', 'Marked Undeployed'],
  productive: ['Productive', 'Modified'],
  errors: ['Build Error', 'Deploy Error'],
};

export function shown<T extends Pick<Lambda, 'name' | 'state'>>(
  lambdas: readonly T[],
  group: Group,
  search: string,
): T[] {
  const wanted = search.trim().toLowerCase();
  const found = lambdas.filter(({ name, state }) => {
    const isOfGroup = group === 'all' || GROUPS[group].includes(state);
    return isOfGroup && name.toLowerCase().includes(wanted);
  });
  return found.sort((one, other) => one.name.localeCompare(other.name));
}

export function counts(lambdas: readonly Pick<Lambda, 'name' | 'state'>[]): Record<Group, number> {
  const of = (group: Group) => shown(lambdas, group, '').length;
  return { all: lambdas.length, drafts: of('drafts'), productive: of('productive'), errors: of('errors') };
}
