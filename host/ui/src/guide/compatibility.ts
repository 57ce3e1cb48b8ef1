// What lambdas have of Node, as it stands in `docs/compatibility.json`, which a test holds to the engine and to Node 10.
import { hasWords } from './words';

export interface Entry {
  name: string;
  status: 'works' | 'limits' | 'throws' | 'missing';
  note?: string;
  addedTo?: string;
}

export interface Module {
  module: string;
  /** Why the functions of the module throw. */
  refused?: string;
  entries: Entry[];
}

/** Loaded when somebody looks at it: it is larger than the guide. */
export async function compatibility(): Promise<Module[]> {
  const { default: modules } = await import('../../../../docs/compatibility.json');
  return modules as Module[];
}

/** The modules with those entries that somebody looks for: each word is in the name, as in `crypto.createHash`. */
export function foundEntries(modules: readonly Module[], search: string): Module[] {
  return modules
    .map((one) => ({
      ...one,
      entries: one.entries.filter(({ name }) => hasWords(`${one.module}.${name}`, search)),
    }))
    .filter(({ entries }) => entries.length > 0);
}
