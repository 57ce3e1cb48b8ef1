// Packs the types that the editor knows lambdas' modules by: one file of JSON for Node 10's library and one for each npm
// package, with what they need of one another, out of the pinned packages of DefinitelyTyped. The editor loads
// them when it is open; nothing of them is part of the first load.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('./node_modules', import.meta.url));
const output = join(modules, '.lambda-types');

/** Where the types of Node's own modules lie: those of another Node are what this build itself is written with. */
const NODE = 'node10-types';

/** Modules of Node that no lambda has, and that nothing it has is described with. */
const ABSENT = new Set(
  'child_process cluster dgram dns domain http2 inspector perf_hooks readline repl trace_events tty v8 worker_threads'
    .split(' ')
    .map((name) => `@types/node/${name}.d.ts`),
);

/** The packages that lambdas can require, by the file they are loaded from. */
const PACKS = {
  node: ['node'],
  jsforce: ['jsforce'],
  jsonwebtoken: ['jsonwebtoken'],
  lodash: ['lodash'],
  luxon: ['luxon'],
  'oauth-1.0a': ['oauth-1.0a'],
  request: ['request', 'request-promise-native'],
};

/** How a file names others: by path, by package, by import in each of its forms. */
const NAMED =
  /<reference path="([^"]+)"|<reference types="([^"]+)"|\bfrom\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|\brequire\(\s*['"]([^'"]+)['"]/g;

/** The file of types that a path without an ending means. */
function fileOf(path) {
  const candidates = [path, `${path}.d.ts`, join(path, 'index.d.ts')];
  return candidates.find((one) => one.endsWith('.d.ts') && existsSync(one) && statSync(one).isFile());
}

/** The file of types that a package begins with. */
function entryOf(name) {
  for (const folder of [name === 'node' ? NODE : null, `@types/${name}`, name]) {
    if (folder === null || !existsSync(join(modules, folder, 'package.json'))) continue;
    const described = JSON.parse(readFileSync(join(modules, folder, 'package.json'), 'utf8'));
    const types = described.types ?? described.typings;
    return fileOf(join(modules, folder, types ?? 'index')) ?? null;
  }
  return null;
}

/** Puts a file, and what it names, where the editor's TypeScript looks for it. */
function gather(file, found) {
  const path = relative(modules, file).replace(/^node10-types\//, '@types/node/');
  const place = `file:///node_modules/${path}`;
  if (place in found || ABSENT.has(path)) return;
  const text = readFileSync(file, 'utf8');
  found[place] = text;
  for (const [, byPath, byPackage, ...byImport] of text.matchAll(NAMED)) {
    const name = byPath ?? byPackage ?? byImport.find((one) => one !== undefined);
    const next =
      byPath !== undefined || name.startsWith('.') ? fileOf(join(dirname(file), name)) : named(name);
    if (next) gather(next, found);
  }
}

/** The types of another package. Node's have a pack of their own, which is always there. */
function named(name) {
  if (name === 'node' || existsSync(join(modules, NODE, `${name}.d.ts`))) return null;
  return entryOf(name);
}

/** Names under which lambdas find a package too. */
const ALIASES = { request: { 'request-promise': 'request-promise-native' } };

mkdirSync(output, { recursive: true });
for (const [pack, names] of Object.entries(PACKS)) {
  const found = {};
  for (const name of names) {
    const entry = entryOf(name);
    if (entry === null) throw new Error(`there are no types of ${name}; is it in package.json?`);
    gather(entry, found);
    // Where a package is not called after its file, TypeScript has to be told.
    if (!entry.endsWith('index.d.ts')) {
      const types = relative(join(modules, name), entry);
      found[`file:///node_modules/${name}/package.json`] = JSON.stringify({ name, types });
    }
  }
  for (const [alias, name] of Object.entries(ALIASES[pack] ?? {})) {
    const text = `import target = require('${name}');\nexport = target;\n`;
    found[`file:///node_modules/@types/${alias}/index.d.ts`] = text;
  }
  writeFileSync(join(output, `${pack}.json`), JSON.stringify(found));
}
