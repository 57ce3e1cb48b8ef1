// The golden cases: golden/<case>/{lambda.js, request.json, environment.json?} and what comes of it in
// response.json (an empty file: no result) or error.json, and logs.json. A case is added by adding a folder; with
// LAMBKIN_BLESS=1 the outcome of cases that have none yet is written, to be read before it is committed.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { run } from './host.mjs';

const folder = new URL('./golden/', import.meta.url);

for (const name of readdirSync(folder).sort()) {
  const file = (part) => new URL(`${name}/${part}`, folder);
  const read = (part, missing) => {
    if (!existsSync(file(part))) return missing;
    const text = readFileSync(file(part), 'utf8');
    return text === '' ? undefined : JSON.parse(text);
  };

  test(`golden: ${name}`, () => {
    const outcome = run(readFileSync(file('lambda.js'), 'utf8'), undefined, {
      envelope: readFileSync(file('request.json')),
      environment: read('environment.json'),
    });
    const logs = outcome.logs.map(({ level, message, extras }) => ({ level, message, extras }));
    const actual = {
      'response.json': outcome.status === 'done' ? { result: outcome.result } : undefined,
      'error.json': outcome.failure && { errorCode: outcome.failure.errorCode, errorMsg: outcome.failure.errorMsg },
      'logs.json': logs.length === 0 ? undefined : logs,
    };
    const write = (part, value) => writeFileSync(file(part), value === undefined ? '' : `${JSON.stringify(value, null, 2)}\n`);
    if (process.env.LAMBKIN_BLESS && !existsSync(file('response.json')) && !existsSync(file('error.json'))) {
      if (actual['response.json']) write('response.json', actual['response.json'].result);
      else write('error.json', actual['error.json']);
      if (logs.length !== 0) write('logs.json', logs);
    }
    const expected = {
      'response.json': existsSync(file('response.json')) ? { result: read('response.json') } : undefined,
      'error.json': read('error.json'),
      'logs.json': read('logs.json'),
    };
    assert.deepEqual(actual, expected);
  });
}
