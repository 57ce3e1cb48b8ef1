// What a function is called with from the test page: as text, judged before it is sent.
import { texts } from '../texts';

export interface Envelope {
  timestamp: number;
  headers: { key: string; value: string }[];
  payload: unknown;
}

/** The example of a function, as the text to start from. */
export function exampleOf(sample: unknown): string {
  const { headers = [], payload = {} } = (sample ?? {}) as { headers?: unknown; payload?: unknown };
  return JSON.stringify({ headers, payload }, null, 2);
}

export type Judged = { input: Envelope; problem?: undefined } | { input?: undefined; problem: string };

export function judgeInput(text: string, now = Date.now()): Judged {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: texts.invoke.notJson(error instanceof Error ? error.message : String(error)) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: texts.invoke.notObject };
  const { headers = [], payload, timestamp } = value as Record<string, unknown>;
  if (!Array.isArray(headers) || !headers.every(isHeader)) return { problem: texts.invoke.notHeaders };
  return { input: { timestamp: typeof timestamp === 'number' ? timestamp : now, headers, payload } };
}

function isHeader(header: unknown): header is { key: string; value: string } {
  if (typeof header !== 'object' || header === null) return false;
  const { key, value } = header as Record<string, unknown>;
  return typeof key === 'string' && typeof value === 'string';
}
