// The runner of `make test262` (test262/): what it reads, what it runs and what it makes of the outcome. The suite itself
// is not part of this repository.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { byReason, differences, expected } from './test262/expectations.mjs';
import { table } from './test262/counts.mjs';
import { frontmatter } from './test262/frontmatter.mjs';
import { plan, verdict } from './test262/plan.mjs';

const expectations = JSON.parse(readFileSync(new URL('./test262/expectations.json', import.meta.url), 'utf8'));
const NO_SKIP = { paths: {}, features: {}, flags: {}, words: {} };
const file = (yaml, body = '') => `// Copyright\n/*---\n${yaml}\n---*/\n${body}`;

test('test262: frontmatter is read in every form the suite writes it', () => {
  const read = (yaml) => frontmatter(file(yaml), 'x.js');
  const empty = { includes: [], flags: [], features: [] };
  assert.deepEqual(read('description: x'), empty);
  assert.deepEqual(read('flags: [onlyStrict, async] # both'), { ...empty, flags: ['onlyStrict', 'async'] });
  assert.deepEqual(read('includes: []'), empty);
  assert.deepEqual(read('features:\n  [ BigInt,\n    Symbol.iterator ]'), { ...empty, features: ['BigInt', 'Symbol.iterator'] });
  assert.deepEqual(read('includes:\n  - compareArray.js\n  # why\n  - sm/non262.js'), { ...empty, includes: ['compareArray.js', 'sm/non262.js'] });
  assert.deepEqual(read('includes:\n- a.js\nflags: [raw]'), { ...empty, includes: ['a.js'], flags: ['raw'] });
  assert.deepEqual(read('negative:\n  phase: parse\n  type: SyntaxError'), { ...empty, negative: { phase: 'parse', type: 'SyntaxError' } });
  assert.deepEqual(read('info: |\n  flags: [raw]\n\n  features: [x]\ndescription: >\n    includes: [y.js]'), empty);
  assert.deepEqual(read('    description: all is indented\n    flags: [module]'), { ...empty, flags: ['module'] });
  assert.deepEqual(frontmatter('/*---\r\nflags: [raw]\r\n---*/', 'x.js'), { ...empty, flags: ['raw'] });
});

test('test262: frontmatter that cannot be read is an error that names the file', () => {
  for (const yaml of ['flags: raw', 'flags: [a b]', 'includes:\n  x.js', 'negative: parse', 'negative:\n  phase: parse']) {
    assert.throws(() => frontmatter(file(yaml), 'test/x.js'), /^Error: test\/x\.js: /, yaml);
  }
  assert.throws(() => frontmatter('throw 1;', 'test/x.js'), /test\/x\.js: there is no frontmatter/);
});

test('test262: a test runs sloppy and strict, unless its flags say otherwise', () => {
  const ids = (flags) => plan('test/x.js', file(`flags: [${flags}]`), NO_SKIP).runs.map(({ id }) => id);
  assert.deepEqual(ids(''), ['test/x.js', 'test/x.js (strict)']);
  assert.deepEqual(ids('onlyStrict'), ['test/x.js (strict)']);
  for (const flags of ['noStrict', 'raw', 'module', 'module, onlyStrict']) assert.deepEqual(ids(flags), ['test/x.js'], flags);
});

test('test262: what is run is the whole file, with the harness it asks for', () => {
  const source = file('flags: [async]\nincludes: [a.js]', 'go();');
  const [sloppy, strict] = plan('test/x.js', source, NO_SKIP).runs;
  assert.equal(sloppy.source, source);
  assert.equal(strict.source, `"use strict";\n${source}`);
  assert.deepEqual(strict.includes, ['assert.js', 'sta.js', 'doneprintHandle.js', 'a.js']);
  const [raw] = plan('test/x.js', file('flags: [raw]'), NO_SKIP).runs;
  assert.deepEqual(raw.includes, []);
});

test('test262: what is skipped has the rule that skips it', () => {
  const skip = { paths: { 'test/intl402': 'Intl' }, features: { Temporal: 'T' }, flags: { CanBlockIsFalse: 'c' }, words: { '$262.agent': 'one thread', 'agents.js': 'one thread' } };
  const rule = (path, source) => plan(path, source, skip).skipped;
  assert.equal(rule('test/intl402/a/b.js', file('')), 'path test/intl402');
  assert.equal(rule('test/intl402x/a.js', file('')), undefined);
  assert.equal(rule('test/a.js', file('features: [x, Temporal]')), 'feature Temporal');
  assert.equal(rule('test/a.js', file('features: [__proto__]')), undefined);
  assert.equal(rule('test/a.js', file('flags: [CanBlockIsFalse]')), 'flag CanBlockIsFalse');
  assert.equal(rule('test/a.js', file('', '$262.agent.start("")')), 'word $262.agent');
  assert.equal(rule('test/a.js', file('includes: [agents.js]')), 'word agents.js');
  const counts = { 'path test/intl402': 3, 'word $262.agent': 1, 'word agents.js': 1 };
  assert.deepEqual(byReason(skip, counts), [['Intl', 3], ['one thread', 2]]);
});

test('test262: a verdict looks at the phase, the error and what was printed', () => {
  const thrown = { phase: 'runtime', name: 'TypeError', message: 'no' };
  const negative = (phase, type) => ({ negative: { phase, type } });
  assert.equal(verdict({}, { printed: [] }), undefined);
  assert.equal(verdict({}, { thrown, printed: [] }), 'TypeError: no');
  assert.equal(verdict({}, { broken: 'it does not end' }), 'it does not end');
  assert.equal(verdict(negative('runtime', 'TypeError'), { thrown, printed: [] }), undefined);
  assert.equal(verdict(negative('resolution', 'TypeError'), { thrown, printed: [] }), undefined);
  assert.match(verdict(negative('parse', 'TypeError'), { thrown, printed: [] }), /in the phase runtime, expected is TypeError in the phase parse/);
  assert.match(verdict(negative('runtime', 'RangeError'), { thrown, printed: [] }), /expected is RangeError/);
  assert.match(verdict(negative('runtime', 'RangeError'), { printed: [] }), /nothing was thrown/);
  assert.equal(verdict({ isAsync: true }, { printed: ['Test262:AsyncTestComplete'] }), undefined);
  assert.equal(verdict({ isAsync: true }, { printed: [] }), '$DONE was not called');
  const failure = 'Test262:AsyncTestFailure:Test262Error: no';
  assert.equal(verdict({ isAsync: true }, { printed: [failure] }), failure);
  assert.equal(verdict({ isAsync: true }, { printed: ['Test262:AsyncTestComplete', failure] }), failure);
});

test('test262: a run differs when something else fails, and when what is known passes', () => {
  const known = expected({ failures: [{ reason: 'r', tests: ['a', 'b'] }] });
  const ran = (id) => id !== 'unasked';
  assert.deepEqual(differences(known, new Map([['a', 'x'], ['b', 'y']]), ran), { unexpected: [], passed: [] });
  assert.deepEqual(differences(known, new Map([['a', 'x'], ['c', 'z']]), ran), { unexpected: ['c: z'], passed: ['b'] });
  assert.throws(() => expected({ failures: [{ reason: '', tests: ['a'] }] }), /no reason/);
  assert.throws(() => expected({ failures: [{ reason: 'r', tests: ['a', 'a'] }] }), /a is in two groups/);
});

test('test262: the table counts runs by the part of the suite they belong to', () => {
  const outcome = { runs: { language: 2000, 'built-ins': 3 }, files: 1002, skipped: { 'path a': 1, 'flag b': 1 }, failed: { 'test/language/x.js': 'no' } };
  assert.deepEqual(table(outcome, 'be13516fb6441b95').split('\n').slice(2), [
    '| built-ins | 3 | 3 | 100.00 % |',
    '| language | 1,999 | 2,000 | 99.95 % |',
    '| all | 2,002 | 2,003 | 99.95 % |',
    '',
    'Of test262 at commit `be13516fb6`; 2 of 1,002 files are not run, by rules with a reason each.',
  ]);
});

test('test262: everything in the expectation file has its reason, and is sorted', () => {
  assert.match(expectations.commit, /^[0-9a-f]{40}$/);
  for (const [kind, rules] of Object.entries(expectations.skip)) {
    for (const [rule, reason] of Object.entries(rules)) assert.ok(reason.length > 10, `${kind} ${rule}`);
  }
  assert.ok(expected(expectations).size > 0);
  for (const { tests } of expectations.failures) assert.deepEqual(tests, [...tests].sort());
});

test('test262: without the suite the command says where it is', () => {
  const runner = new URL('./test262/suite.mjs', import.meta.url).pathname;
  for (const TEST262 of [undefined, '/nowhere']) {
    const env = { ...process.env, TEST262 };
    if (TEST262 === undefined) delete env.TEST262;
    const { status, stderr } = spawnSync(process.execPath, [runner], { env, encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, TEST262 === undefined ? /^TEST262 is not set: / : /^TEST262=\/nowhere is no checkout of test262: /);
    assert.match(stderr, new RegExp(`git clone https://github.com/tc39/test262 && git -C test262 checkout ${expectations.commit}`));
  }
});
