// Where in the author's code an error happened: the lines named in a stack.

export interface Frame {
  text: string;
  line?: number;
}

/** Leads each line of a stack that is a call. */
const CALL = /^\s*at /;

/** The calls of a stack, those in the lambda's own source with their line. */
export function framesOf(stack: string): Frame[] {
  return stack
    .split('\n')
    .filter((text) => CALL.test(text))
    .map((text) => {
      const found = /[( ](?:lambda|index)(?:\.js)?:(\d+)(?::\d+)?\)?$/.exec(text);
      return found?.[1] === undefined ? { text } : { text, line: Number(found[1]) };
    });
}
