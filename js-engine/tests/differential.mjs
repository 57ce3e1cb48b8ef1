// The same lambdas in the real Node 10.24.1, in the Node that runs the tests and in the engine: the programs of node10/,
// node/ and node20/. Each answer must be one of the two Nodes': Node 10's, or a later one's where that has gone on. How
// many are whose is printed, and stands in the README (`UPDATE_README=1 make test-engine`); neither sum may get less.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { after, test } from 'node:test';
import { run } from './host.mjs';
import { inNode } from './peer.mjs';

const ATTEMPTS = {
  node: `function attempt(f) {
    try {
      const value = f();
      return value === undefined ? 'undefined' : value;
    } catch (error) {
      return { name: error.name, code: error.code, message: error.message };
    }
  }`,
  node20: `async function attempt(f) {
    try {
      const value = await f();
      return value === undefined ? 'undefined' : value;
    } catch (error) {
      return { name: error.name, code: typeof error.code === 'string' ? error.code : undefined, message: error.message };
    }
  }`,
};
const FOLDERS = {
  node10: (source) => `function lambda(input, callback) {${source}\n}`,
  node: (source) => `${ATTEMPTS.node}\n${source}`,
  node20: (source) => `${ATTEMPTS.node20}\n${source}`,
};

const counts = { all: 0, ten: 0, later: 0 };
for (const [folder, lambdaOf] of Object.entries(FOLDERS)) {
  for (const name of readdirSync(new URL(`${folder}/`, import.meta.url)).sort()) {
    test(`as one of two Nodes: ${folder}/${name}`, async () => {
      const source = lambdaOf(readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8'));
      // What is not there in Node 10 may keep a whole program from running.
      const asked = [inNode(source, { packages: true }).catch(() => ({})), inNode(source, { node: process.execPath, packages: true }).catch(() => ({}))];
      const { failure, result } = run(source, {});
      assert.deepEqual(failure, undefined);
      const [ten, later] = await Promise.all(asked);
      const neither = [];
      for (const [key, value] of Object.entries(result)) {
        const [isTen, isLater] = [ten, later].map((answers) => Object.hasOwn(answers, key) && isDeepStrictEqual(value, answers[key]));
        if (isTen && isLater) counts.all++;
        else if (isTen) counts.ten++;
        else if (isLater) counts.later++;
        else neither.push([key, value, ten[key], later[key]]);
      }
      assert.deepEqual(neither, [], 'answers of the engine that neither Node gives');
    });
  }
}

const README = new URL('../../README.md', import.meta.url);
const FIGURE = /<!-- differential -->(\d+) as Node 10, (\d+) as a later one only<!-- \/differential -->/;
after(() => {
  const { all, ten, later } = counts;
  console.log(`# answers of the engine: ${all} as both Nodes, ${ten} as Node 10 and not ${process.version}, ${later} as ${process.version} and not Node 10`);
  const text = readFileSync(README, 'utf8');
  const known = FIGURE.exec(text);
  assert.ok(known, 'README.md has no place for the number of answers');
  assert.ok(all + ten >= Number(known[1]), `${all + ten} answers are Node 10's; README.md says ${known[1]}, and that may only rise`);
  assert.ok(all + ten + later >= Number(known[1]) + Number(known[2]), 'there are fewer answers than README.md says, and they may only get more');
  const figure = `<!-- differential -->${all + ten} as Node 10, ${later} as a later one only<!-- /differential -->`;
  if (process.env.UPDATE_README === '1') writeFileSync(README, text.replace(FIGURE, figure));
});
