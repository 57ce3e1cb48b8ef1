// Suggestions for `input.`: what the function is called with, as deep as its example goes.
import type * as Monaco from 'monaco-editor/editor.js';

/** The keys of what a path of names leads to. */
export function keysAt(sample: unknown, path: readonly string[]): { key: string; kind: string }[] {
  let found = sample;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return [];
    found = (found as Record<string, unknown>)[name];
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return [];
  return Object.entries(found).map(([key, value]) => ({
    key,
    kind: Array.isArray(value) ? 'array' : typeof value,
  }));
}

/** The names between `input.` and the end of the text, if that is how it ends. */
export function pathBefore(text: string): string[] | null {
  const found = /\binput((?:\??\.[A-Za-z_$][\w$]*)*)\??\.$/.exec(text);
  if (found === null) return null;
  return (found[1] ?? '').split(/\??\./).filter((name) => name !== '');
}

export function completeInput(
  monaco: typeof Monaco,
  model: Monaco.editor.ITextModel,
  sample: unknown,
): Monaco.IDisposable {
  const input = { timestamp: 0, headers: [], payload: null, ...(sample as object) };
  return monaco.languages.registerCompletionItemProvider('javascript', {
    triggerCharacters: ['.'],
    provideCompletionItems(of, position) {
      if (of !== model) return { suggestions: [] };
      const word = of.getWordUntilPosition(position);
      const before = of.getLineContent(position.lineNumber).slice(0, word.startColumn - 1);
      const path = pathBefore(before);
      if (path === null) return { suggestions: [] };
      const range = new monaco.Range(
        position.lineNumber,
        word.startColumn,
        position.lineNumber,
        word.endColumn,
      );
      const suggestions = keysAt(input, path).map(({ key, kind }) => ({
        label: key,
        kind: monaco.languages.CompletionItemKind.Field,
        detail: kind,
        insertText: key,
        range,
        sortText: ` ${key}`,
      }));
      return { suggestions };
    },
  });
}
