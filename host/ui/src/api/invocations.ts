// Calling lambdas from the test page, and what the server wrote down about the call.
import { account, session } from '../session/session';
import { texts } from '../texts';
import { api, body, type Schemas } from './client';
import { Problem, problemOf } from './problem';

export type LogEntry = Schemas['LogEntry'];
export type Usage = Schemas['Invocation'];

export interface Run {
  requestId: string;
  /** Milliseconds until the answer was here. */
  took: number;
  bytes: number;
  outcome:
    | { kind: 'result'; value: unknown }
    | { kind: 'failure'; code: string; message: string; stack: string };
  logs: LogEntry[];
}

/** Runs a lambda and waits for what it answers. Not by the typed client: an answer may have several megabytes, and the
 *  status of a lambda's own failure is outside of what HTTP libraries know. */
export async function invoke(uuid: string, input: unknown, signal: AbortSignal): Promise<Run> {
  const started = performance.now();
  const held = session.get();
  const url = `/api/account/${encodeURIComponent(account())}/lambdas/${uuid}/invoke?v=1&userId=${held?.userId ?? ''}`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': held?.csrf ?? '' },
      body: JSON.stringify(input),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Problem(0, 'unreachable', texts.problems.unreachable);
  }
  const text = await response.text();
  const took = performance.now() - started;
  const requestId = response.headers.get('x-request-id') ?? '';
  const told = parse(text);
  const common = { requestId, took, bytes: text.length };
  if (response.ok) {
    return {
      ...common,
      outcome: { kind: 'result', value: told.result },
      logs: (told.logs as LogEntry[]) ?? [],
    };
  }
  if (Array.isArray(told.errorLogs)) {
    const outcome = {
      kind: 'failure',
      code: String(told.errorCode),
      message: String(told.errorMsg),
      stack: typeof told.errorStack === 'string' ? told.errorStack : '',
    } as const;
    return { ...common, outcome, logs: told.errorLogs as LogEntry[] };
  }
  if (response.status === 401) session.expire();
  throw problemOf(response.status, told, requestId);
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const PAUSE = 60;
const TRIES = 25;

/** What a call used. It is written down a moment after the answer has left. */
export async function usageOf(uuid: string, requestId: string): Promise<Usage | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await body(
      api.GET('/api/account/{account}/invocations', {
        params: { path: { account: account() }, query: { lambdaUUID: uuid, requestID: requestId, limit: 1 } },
      }),
    );
    if (found[0] !== undefined) return found[0];
    await new Promise((resume) => setTimeout(resume, PAUSE));
  }
  return null;
}
