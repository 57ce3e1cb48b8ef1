// Hosts that a function called and that are not on the whitelist, as the server's warnings name them.
import type { LogEntry } from '../api/invocations';

const DENIED = / was denied: .*\badd `([^`]+)` to\b/;

export function blockedHosts(logs: readonly LogEntry[]): string[] {
  const found = logs.map(({ level, message }) => {
    const isWarning = level === 'Warn' && typeof message === 'string';
    return isWarning ? DENIED.exec(message)?.[1] : undefined;
  });
  return [...new Set(found.filter((host) => host !== undefined))];
}
