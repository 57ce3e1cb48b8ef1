// The table of what lambdas have of Node: docs/compatibility.json, and docs/COMPATIBILITY.md for people. It is made by
// asking the engine and the real Node 10.24.1 what their modules have, and by calling what is said to throw; limits are
// told by node/compatibility.json. `UPDATE_COMPATIBILITY=1 node js-engine/tests/engine.mjs compatibility` writes both.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { run } from './host.mjs';
import { NODE10 } from './tools.mjs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const { modules, refused } = JSON.parse(read('../node/modules.json'));
const told = JSON.parse(read('../node/compatibility.json'));
const names = [...modules.filter((name) => !name.startsWith('_')), ...Object.keys(refused)].sort();

// What is asked of both: [name, type, arity] of everything in a module.
const LOOK = `function look(name) {
  let module;
  try {
    module = name === 'process' ? process : require(name);
  } catch (error) {
    return null;
  }
  const own = typeof module === 'function' ? Object.keys(function () {}).concat('length', 'name', 'prototype') : [];
  return Object.getOwnPropertyNames(module).filter((key) => !own.includes(key) && !key.startsWith('_') && key !== 'arguments' && key !== 'caller').map((key) => {
    const value = module[key];
    return [key, typeof value, typeof value === 'function' ? value.length : -1];
  });
}`;
const ask = (list) => `${LOOK}\nconst all = {}; for (const name of ${JSON.stringify(list)}) all[name] = look(name);`;
const inNode10 = JSON.parse(execFileSync(NODE10, ['--no-warnings', '-e', `${ask(names)} process.stdout.write(JSON.stringify(all))`]));
const engine = (body) => run(`function lambda(input, callback) { ${body} }`, {}).result;
const inEngine = engine(`${ask(names)} callback(null, all);`);

// The error of each call; {module: {name: arguments}}.
const outcomes = (calls) =>
  engine(`const calls = ${JSON.stringify(calls)}; const outcomes = {};
    for (const name in calls) {
      outcomes[name] = {};
      for (const key in calls[name]) {
        const args = calls[name][key].map((one) => (one === 'callback' ? () => {} : one));
        try {
          require(name)[key](...args);
          outcomes[name][key] = 'no error';
        } catch (error) {
          outcomes[name][key] = error.code + ': ' + error.message;
        }
      }
    }
    callback(null, outcomes);`);
const UNAVAILABLE = /^ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: .* is not available in a lambda: ./;

const ofRefused = {};
for (const name of Object.keys(refused)) {
  ofRefused[name] = Object.fromEntries(inEngine[name].filter(([, type]) => type === 'function').map(([key]) => [key, []]));
}
const refusedOutcomes = outcomes(ofRefused);

function table() {
  return names.map((name) => {
    const { limits = {}, throws = {} } = told[name] ?? {};
    const known = new Map((inNode10[name] ?? []).map(([key, ...rest]) => [key, rest]));
    const here = new Map(inEngine[name].map(([key, ...rest]) => [key, rest]));
    const entries = [...new Set([...known.keys(), ...here.keys()])].sort().map((key) => {
      const entry = { name: key, kind: (here.get(key) ?? known.get(key))[0], status: 'works' };
      if (!here.has(key)) entry.status = 'missing';
      else if (key in throws || UNAVAILABLE.test(refusedOutcomes[name]?.[key])) entry.status = 'throws';
      else if (limits[key] ?? limits['*']) Object.assign(entry, { status: 'limits', note: limits[key] ?? limits['*'] });
      if (!known.has(key)) entry.addedTo = inNode10[name] === null ? 'module that Node 10 has not' : 'module of Node 10';
      return entry;
    });
    return { module: name, ...(refused[name] && { refused: refused[name] }), entries };
  });
}

const SAYS = { works: 'works', limits: 'works with limits', throws: 'throws when called', missing: 'is not there' };
function page(rows) {
  const all = rows.flatMap((row) => row.entries);
  const count = (status) => all.filter((entry) => entry.status === status).length;
  const lines = [
    '# What lambdas have of Node',
    '',
    'Made by `UPDATE_COMPATIBILITY=1 make test-engine` from the engine, the real Node 10.24.1 and `js-engine/node/compatibility.json`; a test holds it to',
    'both: what works has the type and the number of parameters it has in Node 10, what throws was called. *Added* is what Node 10 has not.',
    '',
    '| | entries |',
    '|---|---|',
    ...Object.keys(SAYS).map((status) => `| ${SAYS[status]} | ${count(status)} |`),
  ];
  for (const { module, refused: why, entries } of rows) {
    lines.push('', `## ${module}`, '');
    if (why) lines.push(`Can be required; its functions throw: ${why}.`, '');
    for (const status of Object.keys(SAYS)) {
      const notes = new Map();
      for (const entry of entries.filter((one) => one.status === status)) {
        const note = entry.note ?? '';
        notes.set(note, [...(notes.get(note) ?? []), `\`${entry.name}\`${entry.addedTo === 'module of Node 10' ? ' (added)' : ''}`]);
      }
      for (const [note, list] of notes) lines.push(`- ${SAYS[status]}${note && ` (${note})`}: ${list.join(', ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const rows = table();
const FILES = { '../../docs/compatibility.json': `${JSON.stringify(rows, null, 1)}\n`, '../../docs/COMPATIBILITY.md': page(rows) };
if (process.env.UPDATE_COMPATIBILITY === '1') {
  for (const [path, text] of Object.entries(FILES)) writeFileSync(new URL(path, import.meta.url), text);
}

test('compatibility: the table and the page are current', () => {
  for (const [path, text] of Object.entries(FILES)) assert.equal(read(path), text, `${path}: run it with UPDATE_COMPATIBILITY=1`);
});

test('compatibility: what works has the type and the parameters it has in Node 10', () => {
  let compared = 0;
  const differences = [];
  for (const { module, entries } of rows) {
    const [known, here] = [inNode10[module], inEngine[module]].map((list) => new Map((list ?? []).map(([key, ...rest]) => [key, rest])));
    for (const { name, status } of entries) {
      if (status !== 'works' || !known.has(name)) continue;
      if (`${here.get(name)}` !== `${known.get(name)}`) differences.push(`${module}.${name}: ${here.get(name)}, in Node ${known.get(name)}`);
      compared++;
    }
  }
  assert.deepEqual(differences, []);
  assert.ok(compared > 300, `${compared} compared`);
});

test('compatibility: what throws says what is not available, and why', () => {
  const calls = Object.fromEntries(Object.entries(told).map(([module, { throws = {} }]) => [module, throws]));
  const seen = outcomes(calls);
  for (const [module, functions] of Object.entries(calls)) {
    for (const name of Object.keys(functions)) assert.match(seen[module][name], UNAVAILABLE, `${module}.${name}`);
  }
  const throwing = rows.flatMap(({ entries }) => entries.filter(({ status }) => status === 'throws'));
  assert.ok(throwing.length > 60, `${throwing.length} throw`);
});

test('compatibility: what is told of limits is about what is there', () => {
  const wrong = [];
  for (const [module, { limits = {}, throws = {} }] of Object.entries(told)) {
    const here = new Set(inEngine[module].map(([key]) => key));
    for (const name of [...Object.keys(limits), ...Object.keys(throws)]) {
      if (name !== '*' && !here.has(name)) wrong.push(`${module}.${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});
