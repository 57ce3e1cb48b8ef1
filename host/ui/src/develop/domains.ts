// What may stand on the whitelist; the server's own rules, told while typing.
import { texts } from '../texts';

const MAX_DOMAIN = 253;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

export function judgeDomain(domain: string, taken: readonly string[]): string | null {
  if (domain === '') return texts.domains.missing;
  if (/[/:@?#]/.test(domain)) return texts.domains.scheme;
  const name = domain.toLowerCase().replace(/\.$/, '');
  const labels = name.split('.');
  if (name.includes('*')) {
    if (labels[0] !== '*' || labels.slice(1).join('.').includes('*')) return texts.domains.wildcard;
    labels.shift();
  }
  // The one name without a dot that means the same everywhere.
  if (name === 'localhost') return has(taken, name) ? texts.domains.duplicate : null;
  if (labels.length < 2) return texts.domains.single;
  if (name.length > MAX_DOMAIN || !labels.every((label) => LABEL.test(label))) return texts.domains.invalid;
  if (/^\d+$/.test(labels[labels.length - 1] ?? '')) return texts.domains.invalid;
  return has(taken, name) ? texts.domains.duplicate : null;
}

function has(taken: readonly string[], name: string): boolean {
  return taken.some((other) => other.toLowerCase() === name);
}

/** The other half of the pair a site is often found under. */
export function counterpart(domain: string): string | null {
  const name = domain.toLowerCase();
  if (name.startsWith('*.')) return null;
  if (name.startsWith('www.')) return name.slice(4);
  return name.split('.').length === 2 ? `www.${name}` : null;
}
