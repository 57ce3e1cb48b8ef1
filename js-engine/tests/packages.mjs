// npm packages in the engine and in real Node 10.24.1: each lambda in packages/lambdas/ puts the package of its name to
// use, is bundled with it into one file, as its author would do it, and must answer the same on both sides. Calls
// go to the same server (peer.mjs). What differs stands in packages/differences.json with the reason, and nothing else may.
//
//   make packages                     runs it, prints the count
//   UPDATE_README=1 make packages     writes the count into README.md; it may only rise
//   PACKAGES=lodash,ajv make packages runs some
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { after, test } from 'node:test';
import { run } from './host.mjs';
import { inNode, world } from './peer.mjs';
import { isUpdating, publish, published } from './readme.mjs';

const here = new URL('./packages/', import.meta.url);
const installed = new URL('../../target/packages/node_modules/', import.meta.url).pathname;
const esbuild = createRequire(installed)('esbuild');
const differences = JSON.parse(readFileSync(new URL('differences.json', here), 'utf8'));
const versions = JSON.parse(readFileSync(new URL('package.json', here), 'utf8')).dependencies;
const chosen = process.env.PACKAGES?.split(',');

const all = readdirSync(new URL('lambdas/', here), { recursive: true })
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -3))
  .sort();
const names = chosen ?? all;

// One file with everything but Node's modules, in the syntax that Node 10 knows.
async function bundle(name) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [new URL(`lambdas/${name}.js`, here).pathname],
    bundle: true,
    charset: 'utf8',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'silent',
    mainFields: ['main'],
    nodePaths: [installed],
    platform: 'node',
    target: 'node10',
    treeShaking: false, // nothing exports `lambda`
    write: false,
  });
  return outputFiles[0].text;
}

function inEngine(source) {
  const outside = world();
  const { failure, result } = run(source, 'http://a.example:81', { answer: outside.answer });
  return failure === undefined ? result : { failed: `${failure.message}\n${failure.stack}` };
}

// Where the two answers part, as a path into them.
function firstDifference(ours, theirs, path = 'answer') {
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  if (ours === null || theirs === null || typeof ours !== 'object' || typeof theirs !== 'object') {
    return `${path}: ${JSON.stringify(ours)}, in Node 10 ${JSON.stringify(theirs)}`;
  }
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const found = firstDifference(ours[key], theirs[key], `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return `${path}: of another kind`;
}

const equal = [];
const started = Date.now();
for (const name of names) {
  test(`npm package as in Node 10: ${name} ${versions[name]}`, async () => {
    const source = await bundle(name);
    // The other process works while this one does.
    const asked = inNode(source);
    let ours;
    try {
      ours = inEngine(source);
    } catch (error) {
      ours = { failed: error.message };
    }
    const theirs = await asked;
    assert.ok(theirs !== undefined && theirs.failed === undefined, `the lambda of ${name} fails in Node 10: ${theirs?.failed}`);
    assert.ok(Object.keys(theirs).length >= 2, `the lambda of ${name} answers next to nothing`);
    const difference = ours?.failed ?? firstDifference(ours, theirs);
    if (difference === undefined) equal.push(name);
    const reason = differences[name];
    if (reason === undefined) assert.equal(difference, undefined, difference);
    else assert.notEqual(difference, undefined, `${name} answers as in Node 10 now: take it out of packages/differences.json`);
  });
}

test('every package has a lambda, every difference a package', () => {
  for (const name of all) assert.ok(name in versions, `${name} is not in packages/package.json`);
  for (const name of Object.keys(versions)) assert.ok(all.includes(name), `${name} has no lambda`);
  for (const name of Object.keys(differences)) assert.ok(all.includes(name), `${name} differs, but there is no such lambda`);
});

after(() => {
  console.log(`# packages that answer as in Node 10: ${equal.length} of ${names.length}, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  if (chosen !== undefined) return;
  const known = published('packages');
  assert.ok(equal.length >= Number.parseInt(known, 10), `${equal.length} packages answer as in Node 10; README.md says ${known}, and that may only rise`);
  const figure = `${equal.length} of ${names.length}`;
  if (isUpdating) publish('packages', figure);
  else assert.equal(known, figure, 'README.md has an old count: run `UPDATE_README=1 make packages`');
});
