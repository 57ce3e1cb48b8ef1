// What is run of a test, and how: the part of the runner that knows test262's rules (its INTERPRETING.md) and nothing of
// the engine.
import { frontmatter } from './frontmatter.mjs';

// The harness files every test gets unless it is `raw`.
const HARNESS = ['assert.js', 'sta.js'];
export const COMPLETE = 'Test262:AsyncTestComplete';

// Why a test is not run at all; `skip` is the expectation file's.
function reasonToSkip(path, source, { includes, flags, features }, skip) {
  const under = Object.keys(skip.paths).find((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  if (under !== undefined) return `path ${under}`;
  const feature = features.find((name) => Object.hasOwn(skip.features, name));
  if (feature !== undefined) return `feature ${feature}`;
  const flag = flags.find((name) => Object.hasOwn(skip.flags, name));
  if (flag !== undefined) return `flag ${flag}`;
  const words = Object.keys(skip.words).find((word) => source.includes(word) || includes.includes(word));
  return words === undefined ? undefined : `word ${words}`;
}

// path, source -> {skipped} or {runs: [{id, source, isModule, isAsync, includes, negative}]}
export function plan(path, source, skip) {
  const facts = frontmatter(source, path);
  const { flags, includes, negative } = facts;
  const skipped = reasonToSkip(path, source, facts, skip);
  if (skipped !== undefined) return { skipped };
  const has = (flag) => flags.includes(flag);
  const isAsync = has('async');
  const common = {
    isModule: has('module'),
    isAsync,
    includes: has('raw') ? [] : [...HARNESS, ...(isAsync ? ['doneprintHandle.js'] : []), ...includes],
    negative,
  };
  const runs = [];
  if (!has('onlyStrict') || common.isModule) runs.push({ id: path, source, ...common });
  if (!has('noStrict') && !has('raw') && !common.isModule) {
    runs.push({ id: `${path} (strict)`, source: `"use strict";\n${source}`, ...common });
  }
  return { runs };
}

// Why a run failed, or nothing; `outcome` is what realm.mjs tells.
export function verdict({ negative, isAsync }, { thrown, printed, broken }) {
  if (broken !== undefined) return broken;
  if (negative !== undefined) {
    const wanted = `${negative.type} in the phase ${negative.phase}`;
    if (thrown === undefined) return `nothing was thrown, expected is ${wanted}`;
    // Whether a module that cannot be resolved is noticed while compiling or later is the engine's affair.
    const isInPhase = negative.phase === 'resolution' || thrown.phase === negative.phase;
    if (thrown.name === negative.type && isInPhase) return undefined;
    return `${thrown.name} in the phase ${thrown.phase}, expected is ${wanted}: ${thrown.message}`;
  }
  if (thrown !== undefined) return `${thrown.name}: ${thrown.message}`;
  if (!isAsync || printed.includes(COMPLETE)) {
    const failure = printed.find((line) => line.startsWith('Test262:AsyncTestFailure:'));
    return failure;
  }
  return printed.join(' ') || '$DONE was not called';
}
