// Tests that npm packages carry of modules which are Node's: the engine's are given to them instead. What the real Node 10 passes must
// pass; `SUITES` says where a package's tests lie, which module they are about, and what does not pass, with the reason. Other
// versions of Node throw other errors, so some files fail in Node 10, too. The packages come by the lock file in suites/.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { judge } from './suites/judge.mjs';
import { NODE10 } from './tools.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const folder = here('./suites/node_modules/');
const SUITES = {
  buffer: { under: 'test/node', module: 'buffer', fails: { 'test-buffer-slow.js': 'where memory ends, the engine has an error of its own' } },
  events: { under: 'tests', module: 'events', not: ['index.js', 'common.js'], fails: {} },
  'path-browserify': { under: 'test', module: 'path', not: ['index.js'], fails: {} },
};

const run = promisify(execFile);
async function passesInNode10(name, file, module) {
  const aliases = { [`${folder}${name}`]: module, tape: here('./suites/tape.js') };
  const args = ['--no-warnings', '--require', here('./suites/aliases.cjs'), `${folder}${name}/${file}`];
  try {
    await run(NODE10, args, { env: { ALIASES: JSON.stringify(aliases) }, timeout: 30_000 });
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') throw error;
    return false;
  }
}

for (const [name, { under, module, not = [], fails }] of Object.entries(SUITES)) {
  test(`suites: ${name}'s tests of ${module}`, async () => {
    const files = readdirSync(`${folder}${name}/${under}`).filter((file) => file.endsWith('.js') && !not.includes(file)).sort();
    const failing = {};
    let passing = 0;
    for (const file of files) {
      const path = `${under}/${file}`;
      if (!(await passesInNode10(name, path, module))) continue;
      const { why } = await judge(folder, `${name}/${path}`, { aliases: { [`/node/${name}`]: module } });
      if (why === undefined) passing++;
      else failing[file] = why;
    }
    console.log(`# ${name}: ${passing} of the ${passing + Object.keys(failing).length} files that Node 10 passes`);
    assert.deepEqual(Object.keys(failing), Object.keys(fails).sort(), JSON.stringify(failing, null, 2));
    assert.ok(passing >= 9, `${passing} files`);
  });
}
