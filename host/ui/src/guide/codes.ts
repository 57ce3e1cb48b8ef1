// The error codes as they stand in `docs/error-codes.json`, which a test holds to what server and engine answer with.
import groups from '../../../../docs/error-codes.json';
import { hasWords } from './words';

export interface CodeGroup {
  id: string;
  title: string;
  lead: string;
  codes: { code: string; when: string; do: string }[];
}

export const CODES: readonly CodeGroup[] = groups;

/** What is left of the groups when somebody looks for words: each must be somewhere in an entry. */
export function foundCodes(all: readonly CodeGroup[], search: string): CodeGroup[] {
  return all
    .map((group) => ({
      ...group,
      codes: group.codes.filter((entry) => hasWords(`${entry.code} ${entry.when} ${entry.do}`, search)),
    }))
    .filter(({ codes }) => codes.length > 0);
}
