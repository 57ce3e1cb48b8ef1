// Payloads that somebody keeps for a function, in this browser.
const KEY = 'lambkin.payloads';

type Kept = Record<string, Record<string, string>>;

function all(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

export function savedPayloads(uuid: string): Record<string, string> {
  return all()[uuid] ?? {};
}

export function keepPayload(uuid: string, name: string, text: string): Record<string, string> {
  const kept = { ...savedPayloads(uuid), [name]: text };
  localStorage.setItem(KEY, JSON.stringify({ ...all(), [uuid]: kept }));
  return kept;
}

export function dropPayload(uuid: string, name: string): Record<string, string> {
  const { [name]: _, ...kept } = savedPayloads(uuid);
  localStorage.setItem(KEY, JSON.stringify({ ...all(), [uuid]: kept }));
  return kept;
}
