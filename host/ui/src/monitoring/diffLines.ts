// A unified difference, line by line, with what each line is.
export interface DiffLine {
  kind: 'added' | 'removed' | 'place' | 'same';
  text: string;
}

export function diffLines(diff: string): DiffLine[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .map((text) => {
      if (/^(@@|---|\+\+\+)/.test(text)) return { kind: 'place', text };
      if (text.startsWith('+')) return { kind: 'added', text };
      if (text.startsWith('-')) return { kind: 'removed', text };
      return { kind: 'same', text };
    });
}
