const { applyPatches, enableMapSet, enablePatches, isDraft, original, produce, produceWithPatches } = require('immer');
enablePatches();
enableMapSet();

const lambda = async () => {
  const base = { list: [{ done: false, n: 1 }, { done: true, n: 2 }], map: new Map([['a', { x: 1 }]]), set: new Set([1]), same: { kept: true } };
  const next = produce(base, (draft) => {
    draft.list[0].done = isDraft(draft.list) && original(draft).list[0].n === 1;
    draft.list.push({ n: 3 });
    draft.map.get('a').x = 5;
    draft.set.add(2);
    delete draft.none;
  });
  const [patched, patches, inverse] = produceWithPatches({ a: { b: 1 }, l: [1, 2, 3] }, (draft) => { draft.a.b = 2; draft.l.splice(1, 1); draft.c = 'new'; });
  return [next.list, [...next.map], [...next.set], next.same === base.same, base.list.length, Object.isFrozen(next), patched, patches, inverse, applyPatches(patched, inverse), produce((draft, n) => { draft.n += n; })({ n: 1 }, 4), (() => { 'use strict'; try { next.list[0].n = 9; } catch (error) { return error.name; } })()];
};
