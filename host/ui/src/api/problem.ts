// What went wrong with a call, in the words the pages show: what happened, and what to do.
import { texts } from '../texts';
import type { components } from './schema';

export type Finding = components['schemas']['Finding'];

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly findings: Finding[] = [],
    readonly requestId = '',
  ) {
    super(message);
  }

  /** The way out. */
  get hint(): string {
    return texts.problems.hint(this.status);
  }
}

/** Makes the answer of a failed call into a problem, whatever it holds. */
export function problemOf(status: number, body: unknown, requestId = ''): Problem {
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const message = typeof told.errorMsg === 'string' && told.errorMsg !== '' ? told.errorMsg : '';
  const code = typeof told.errorCode === 'string' ? told.errorCode : '';
  const findings = Array.isArray(told.findings) ? (told.findings as Finding[]) : [];
  return new Problem(status, code, sentence(message) || texts.problems.unnamed(status), findings, requestId);
}

/** Errors of the server are sentences in lower case without a full stop; on a page they are sentences. */
export function sentence(text: string): string {
  if (text === '') return '';
  const isWord = /^[a-z][a-z ,]/.test(text);
  const begun = isWord ? text[0]?.toUpperCase() + text.slice(1) : text;
  return /[.!?:]$/.test(begun) ? begun : `${begun}.`;
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, '', error instanceof Error ? error.message : String(error));
}
