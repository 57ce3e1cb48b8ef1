// What a secret may be called and hold; the server's own rules, told while typing.
import { judgeDomain } from '../develop/domains';
import { texts } from '../texts';

const MAX_VALUE = 10_000;

export function judgeKey(key: string, taken: readonly string[]): string | null {
  if (key === '') return texts.secrets.missing;
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(key)) return texts.secrets.letters;
  return taken.includes(key) ? texts.secrets.taken : null;
}

export type Value = { value: unknown; problem?: undefined } | { value?: undefined; problem: string };

/** What is sent for what was typed. */
export function judgeValue(text: string, isJson: boolean): Value {
  if (text === '') return { problem: texts.secrets.empty };
  if (text.length > MAX_VALUE) return { problem: texts.secrets.long };
  if (!isJson) return { value: text };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: texts.secrets.notJson };
  }
}

/** Where the server puts a secret by itself: a header of requests to a host. */
export interface Binding {
  isBound: boolean;
  host: string;
  header: string;
}

export const UNBOUND: Binding = { isBound: false, host: '', header: '' };

/** What is wrong with a binding. The server knows more names that are its own. */
export function judgeBinding({ isBound, host, header }: Binding) {
  if (!isBound) return { host: null, header: null };
  return {
    host: host.includes('*') ? texts.secrets.oneHost : judgeDomain(host, []),
    header: /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(header) ? null : texts.secrets.headerLetters,
  };
}
