// What `require` gives a lambda besides what Node's own does: modules that cannot be there, and the packages' cache.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './host.mjs';

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
