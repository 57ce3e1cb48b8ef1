// The runner of `make test-wpt` (wpt/): its expectation file, and what it says without the suite, which is not part of this repository.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('wpt: everything in the expectation file has its reason, and is named once', () => {
  const { groups, skip, failures } = JSON.parse(readFileSync(new URL('./wpt/expectations.json', import.meta.url), 'utf8'));
  for (const rules of Object.values(skip)) for (const [rule, reason] of Object.entries(rules)) assert.ok(reason.length > 10, rule);
  const seen = new Set();
  for (const { reason, files } of failures) {
    assert.ok(reason.length > 10);
    for (const [path, expected] of Object.entries(files)) {
      assert.ok(groups.some((group) => path.startsWith(`${group}/`)), path);
      assert.match(expected, /^\d+, [0-9a-f]{12}$/);
      assert.ok(!seen.has(path), `${path} is named twice`);
      seen.add(path);
    }
  }
  assert.ok(seen.size > 0);
});

test('wpt: without the suite the command says where it is', () => {
  const { status, stderr } = spawnSync(process.execPath, [new URL('./wpt/run.mjs', import.meta.url).pathname], {
    env: { ...process.env, WPT: '/nowhere' },
    encoding: 'utf8',
  });
  assert.equal(status, 2);
  assert.match(stderr, /^error: \/nowhere has no resources\/testharness\.js\nhint: get test\/fixtures\/wpt of Node v18\.20\.4/);
});
