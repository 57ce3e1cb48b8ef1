// What a lambda can require without bringing it along, and where it is explained.
export interface Module {
  name: string;
  version: string;
  documentation: string;
}

/** Ours, which is explained in our own guide. */
const toolbelt: Module = { name: 'lp-faas-toolbelt', version: '', documentation: '/docs#toolbelt' };

/** A package, in the version that the engine carries. */
const npm = (name: string, version: string): Module => ({
  name,
  version,
  documentation: `https://www.npmjs.com/package/${name}/v/${version}`,
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
];

export const MODULES: readonly Module[] = [
  toolbelt,
  npm('jsforce', '1.9.3'),
  npm('jsonwebtoken', '8.5.1'),
  npm('lodash', '4.17.21'),
  npm('luxon', '1.28.1'),
  npm('oauth-1.0a', '2.2.6'),
  npm('request', '2.87.0'),
  npm('request-promise-native', '1.0.5'),
  ...LIBRARY.map(node),
];
