// The parser tests that belong to test262 (npm's `test262-parser-tests`), through the door an author's source comes in by:
// freezing says whether a source is JavaScript. What is a module there is none here, lambdas are scripts.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Instance, baseImage } from './host.mjs';

const folder = new URL('../../target/engine/tools/node_modules/test262-parser-tests/', import.meta.url);

// Where the answer is another one than the test's.
const LATER = 'valid in later editions of the language';
const LOOSE = 'QuickJS takes it though it should not';
const KNOWN = {
  pass: {
    '1f3808cbdfab97e4.js': 'QuickJS does not see that `continue` names a loop behind a second label',
    '7a405ea1fdb6a26e.js': 'QuickJS does not see that `continue` names a loop behind a second label',
    'c7e5fba8bf3854cd.js': 'there is a NUL in it, which no lambda may have',
  },
  fail: {
    '0d5e450f1da8a92a.js': LATER,
    '2f95824f19005b11.js': LOOSE,
    '3a9fa392421db6dd.js': LOOSE,
    '58707e130fe451a8.js': LOOSE,
    '647e21f8f157c338.js': LATER,
    '748656edbfb2d0bb.js': LATER,
    '79f882da06f88c9f.js': LATER,
    '831b4a1caf3c5a06.js': LOOSE,
    '8af69d8f15295ed2.js': LATER,
    '92b6af54adef3624.js': LATER,
    '98204d734f8c72b3.js': LATER,
    'aae5dc521eff47c4.js': LOOSE,
    'e3fbcf63d7e43ead.js': LATER,
    'ea9e5f218423bd4f.js': LOOSE,
    'ed0332c84e50834c.js': LOOSE,
    'ef2d369cccc5386c.js': LOOSE,
    'ef81b93cf9bdb4ec.js': LATER,
  },
  early: {
    '0f5f47108da5c34e.js': LATER,
    '12a74c60f52a60de.js': LATER,
    '14c149e612ab4111.js': LOOSE,
    '1aff49273f3e3a98.js': LATER,
    '4286a88aed2001ee.js': LOOSE,
    '58bb4a3a2d717d4f.js': LOOSE,
    '627ae2300901a0b1.js': LOOSE,
    '6bb272e52a903c4c.js': LOOSE,
    '7a916ef0ccd4ea9c.js': LOOSE,
    '84ef3bbaa772075f.js': LOOSE,
    '93b1547f64fd0370.js': LOOSE,
    '987442878ab414e7.js': LOOSE,
    '9ef7cc46ec36bb51.js': LOOSE,
    'b01e3a73a92863c5.js': LOOSE,
    'be7329119eaa3d47.js': LATER,
    'cc23480bdd763207.js': LOOSE,
    'd1779a4749085a10.js': LOOSE,
    'd412cecc75edd30d.js': LOOSE,
    'e1831477442a7ebf.js': LOOSE,
    'ec31fa5e521c5df4.js': LATER,
    'f1de9fc3ec4637cc.js': LOOSE,
  },
};

let instance;
// Whether the engine takes `source` for JavaScript. What is valid must not run, for then no other source could follow in
// the same instance: it gets a line that is valid alone, as it is looked at first, and not in the function a lambda is.
const NEVER_RUN = '\nconst exports = 0;';
function isSyntax(source) {
  instance ??= new Instance(baseImage());
  instance.interruptAfter = 1;
  const outcome = instance.freeze(source);
  if (outcome.kind === 'syntax') return false;
  if (outcome.kind !== 'top-level') instance = undefined;
  return true;
}

for (const kind of ['pass', 'fail', 'early']) {
  test(`syntax: ${kind}`, () => {
    // Not what another test has left, which may be an interrupt that is still to come.
    instance = undefined;
    const names = readdirSync(new URL(kind, folder)).filter((name) => name.endsWith('.js') && !name.endsWith('.module.js'));
    const wrong = names.filter((name) => {
      const source = readFileSync(new URL(`${kind}/${name}`, folder), 'utf8');
      return kind === 'pass' ? !isSyntax(source + NEVER_RUN) : isSyntax(source);
    }).sort();
    assert.ok(names.length > 600, `${names.length} programs`);
    assert.deepEqual(wrong, Object.keys(KNOWN[kind]).sort());
  });
}
