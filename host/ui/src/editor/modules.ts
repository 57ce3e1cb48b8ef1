// What a lambda can require without bringing it along, and where it is explained.
export interface Module {
  name: string;
  version: string;
  documentation: string;
}

const node = (name: string): Module => ({
  name,
  version: '',
  documentation: `https://nodejs.org/docs/latest-v20.x/api/${name}.html`,
});

/** Ours, which is explained in our own guide. */
const toolbelt: Module = { name: 'lp-faas-toolbelt', version: '', documentation: '/docs#toolbelt' };

export const MODULES: readonly Module[] = [toolbelt, node('console'), node('process'), node('timers')];
