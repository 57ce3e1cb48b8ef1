// Where in the author's code an error happened: the lines named in a stack or a message.

export interface Frame {
  text: string;
  line?: number;
}

/** The lines of a stack, those in the lambda's own source with their line. */
export function framesOf(stack: string): Frame[] {
  return stack
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const found = /\(?(?:lambda(?:\.js)?|index\.js|<lambda>):(\d+)(?::\d+)?\)?/.exec(text);
      return found?.[1] === undefined ? { text } : { text, line: Number(found[1]) };
    });
}

/** The first stack among what was logged. */
export function stackIn(extras: readonly unknown[]): string | null {
  for (const extra of extras) {
    if (typeof extra !== 'object' || extra === null) continue;
    for (const value of [extra, ...Object.values(extra)]) {
      const stack = (value as { stack?: unknown } | null)?.stack;
      if (typeof stack === 'string') return stack;
    }
  }
  return null;
}
