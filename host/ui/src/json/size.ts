// How much there is of a JSON value, counted only as far as anybody needs to know.

const LARGE = 30;

/** Whether drawing all of it would fill more than a screen. */
export function isLarge(value: unknown, limit = LARGE): boolean {
  return count(value, limit) > limit;
}

function count(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null || limit <= 0) return 1;
  let sum = 1;
  for (const inner of Object.values(value)) {
    sum += count(inner, limit - sum);
    if (sum > limit) break;
  }
  return sum;
}

/** A text, cut where it is longer than a page should draw. */
export function cut(text: string, limit: number): { shown: string; isCut: boolean } {
  return text.length <= limit ? { shown: text, isCut: false } : { shown: text.slice(0, limit), isCut: true };
}
