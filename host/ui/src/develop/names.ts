// What a function may be called; the server's own rules, told while typing.
import { texts } from '../texts';

export const MAX_NAME = 50;
export const MAX_DESCRIPTION = 100;

export function judgeName(name: string, taken: readonly string[]): string | null {
  if (name === '') return texts.names.missing;
  if (!/^[A-Za-z0-9_]+$/.test(name)) return texts.names.letters;
  if (name.length > MAX_NAME) return texts.names.long(MAX_NAME);
  if (taken.includes(name)) return texts.names.taken;
  return null;
}

export function judgeDescription(description: string): string | null {
  if (description.trim() === '') return texts.names.descriptionMissing;
  if ([...description].length > MAX_DESCRIPTION) return texts.names.long(MAX_DESCRIPTION);
  return null;
}
