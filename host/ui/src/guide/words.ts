// What is looked for in lists: words in any order.

/** Whether a text has each of the words somewhere, whatever their case. */
export function hasWords(text: string, search: string): boolean {
  const lower = text.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
