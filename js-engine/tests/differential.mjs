// The same lambdas in the real Node 10.24.1, in the Node that runs the tests and in the engine. The programs of node10/ and
// node/ must answer as Node 10, those of node20/ as the later one, which has what they are about. How many answers are
// whose is printed, and stands in the README (`UPDATE_README=1 make test-engine`); neither sum may get less.
//
// A program is added by adding a file: in node10/ the body of a lambda that calls back with a list, in the others a lambda
// that answers an object, in Node 10's syntax in node/; `attempt(f)` gives those the outcome of `f`, an exception being one.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { after, test } from 'node:test';
import { run } from './host.mjs';
import { inNode } from './peer.mjs';
import { isUpdating, publish, published } from './readme.mjs';

const OUTCOME = (code) => `return value === undefined ? 'undefined' : value;
  } catch (error) {
    return { name: error.name, code: ${code}, message: error.message };
  }
}`;
const FOLDERS = {
  node10: { oracle: 'ten', least: 1, lambda: (body) => `function lambda(input, callback) {${body}\n}` },
  node: {
    oracle: 'ten',
    least: 4,
    lambda: (source) => `function attempt(f) { try { const value = f(); ${OUTCOME('error.code')}\n${source}`,
  },
  node20: {
    oracle: 'later',
    least: 4,
    lambda: (source) =>
      `async function attempt(f) { try { const value = await f(); ${OUTCOME("typeof error.code === 'string' ? error.code : undefined")}\n${source}`,
  },
};

const counts = { all: 0, ten: 0, later: 0 };
for (const [folder, { oracle, least, lambda }] of Object.entries(FOLDERS)) {
  for (const name of readdirSync(new URL(`${folder}/`, import.meta.url)).sort()) {
    test(`as ${oracle === 'ten' ? 'Node 10' : 'a later Node'}: ${folder}/${name}`, async () => {
      const source = lambda(readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8'));
      // What is not there in one Node may keep a whole program from running in it.
      const asked = [undefined, process.execPath].map((node) => inNode(source, { node, packages: true }).catch(() => ({})));
      const { status, failure, result } = run(source, {});
      assert.equal(status, 'done', JSON.stringify(failure));
      const [ten, later] = await Promise.all(asked);
      const expected = { ten, later }[oracle];
      for (const key of Object.keys(expected)) assert.deepEqual(result[key], expected[key], key);
      assert.deepEqual(Object.keys(result), Object.keys(expected));
      assert.ok(Object.keys(expected).length >= least, 'a program that answers next to nothing');
      for (const [key, value] of Object.entries(result)) {
        const [isTen, isLater] = [ten, later].map((answers) => Object.hasOwn(answers, key) && isDeepStrictEqual(value, answers[key]));
        counts[isTen && isLater ? 'all' : isTen ? 'ten' : 'later']++;
      }
    });
  }
}

after(() => {
  const { all, ten, later } = counts;
  console.log(`# answers of the engine: ${all} as both Nodes, ${ten} as Node 10 and not ${process.version}, ${later} as ${process.version} and not Node 10`);
  const known = /^(\d+) as Node 10, (\d+) as a later one only$/.exec(published('differential'));
  assert.ok(known, 'README.md does not say how many answers are whose');
  assert.ok(all + ten >= Number(known[1]), `${all + ten} answers are Node 10's; README.md says ${known[1]}, and that may only rise`);
  assert.ok(all + ten + later >= Number(known[1]) + Number(known[2]), 'there are fewer answers than README.md says, and they may only get more');
  if (isUpdating) publish('differential', `${all + ten} as Node 10, ${later} as a later one only`);
});
