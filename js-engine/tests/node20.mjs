// What lambdas have of Node 20 and Node 10 has not: every program in node20/ runs in the engine and in the Node that runs
// the tests, and both must answer the same. A program is a lambda; `attempt(f)` gives it the outcome of `f`, also later.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { run } from './host.mjs';

const require = createRequire(import.meta.url);
const folder = new URL('./node20/', import.meta.url);

const ATTEMPT = `async function attempt(f) {
  try {
    const value = await f();
    return value === undefined ? 'undefined' : value;
  } catch (error) {
    return { name: error.name, code: typeof error.code === 'string' ? error.code : undefined, message: error.message };
  }
}`;

for (const name of readdirSync(folder).sort()) {
  test(`as Node 20: ${name}`, async () => {
    const source = `${ATTEMPT}\n${readFileSync(new URL(name, folder), 'utf8')}`;
    const lambda = new Function('require', `${source}\n;return lambda;`)(require);
    const answer = await new Promise((resolve, reject) => {
      lambda({ payload: {} }, (error, result) => (error ? reject(error) : resolve(result)));
    });
    const expected = JSON.parse(JSON.stringify(answer));
    const outcome = run(source, {});
    assert.deepEqual(outcome.failure, undefined);
    for (const key of Object.keys(expected)) assert.deepEqual(outcome.result[key], expected[key], key);
    assert.deepEqual(Object.keys(outcome.result), Object.keys(expected));
    assert.ok(Object.keys(expected).length > 3, 'a program that answers next to nothing');
  });
}
