// What a secret may be called and hold; the server's own rules, told while typing.
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
