// What a lambda can require without bringing it along, and where it is explained.
import { dependencies } from '../../../../js-engine/package.json';

export interface Module {
  name: string;
  version: string;
  documentation: string;
}

/** Ours, which is explained in our own guide. */
const toolbelt: Module = { name: 'lp-faas-toolbelt', version: '', documentation: '/docs#toolbelt' };

/** A package, in the version that the engine carries. */
const npm = (name: keyof typeof dependencies): Module => ({
  name,
  version: dependencies[name],
  documentation: `https://www.npmjs.com/package/${name}/v/${dependencies[name]}`,
});

/** A module of Node 10's own library. */
const node = (name: string): Module => ({
  name,
  version: 'Node 10.24.1',
  documentation: `https://nodejs.org/docs/latest-v10.x/api/${name}.html`,
});

const LIBRARY = [
  'assert',
  'buffer',
  'console',
  'crypto',
  'events',
  'http',
  'https',
  'os',
  'path',
  'process',
  'punycode',
  'querystring',
  'stream',
  'string_decoder',
  'timers',
  'url',
  'util',
  'zlib',
];

export const MODULES: readonly Module[] = [
  toolbelt,
  npm('jsforce'),
  npm('jsonwebtoken'),
  npm('lodash'),
  npm('luxon'),
  npm('oauth-1.0a'),
  npm('request'),
  npm('request-promise-native'),
  ...LIBRARY.map(node),
];
