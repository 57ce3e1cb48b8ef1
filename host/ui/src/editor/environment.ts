// What environment variables may be called; the server's own rules, told while typing.
import { texts } from '../texts';

const RESERVED = new Set([
  'BRAND_ID',
  'CONTEXT_SERVICE_ENVIRONMENT',
  'DC',
  'DOMAIN',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'LAMBDA_UUID',
  'NODE_ENV',
  'NO_PROXY',
  'VAULT_DOMAIN',
  'VAULT_K8S_MOUNT',
  'VAULT_LAMBDA_ROLE',
  'VAULT_SERVICE_ENV',
  'WATCHDOG_VERSION',
]);

const MAX = 200;

export function judgeVariable(name: string, value: string, taken: readonly string[]): string | null {
  if (name === '') return texts.settingsTab.missing;
  if (RESERVED.has(name)) return texts.settingsTab.reserved;
  if (name.includes('=')) return texts.settingsTab.equals;
  if (name.length > MAX || value.length > MAX) return texts.settingsTab.long;
  if (taken.includes(name)) return texts.settingsTab.taken;
  return null;
}
