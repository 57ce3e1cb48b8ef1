// The error codes as they stand in `docs/error-codes.json`, which a test holds to what server and engine answer with.
import groups from '../../../../docs/error-codes.json';

export interface CodeGroup {
  id: string;
  title: string;
  lead: string;
  codes: { code: string; when: string; do: string }[];
}

export const CODES: readonly CodeGroup[] = groups;

/** What is left of the groups when somebody looks for words: each must be somewhere in an entry. */
export function foundCodes(all: readonly CodeGroup[], search: string): CodeGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .map((group) => ({
      ...group,
      codes: group.codes.filter((entry) => {
        const text = `${entry.code} ${entry.when} ${entry.do}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ codes }) => codes.length > 0);
}
