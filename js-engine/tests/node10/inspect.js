// Iterators over maps and sets are shown without being moved, wherever they stand.
const util = require('util');
const { Console } = require('console');
const { Writable } = require('stream');
const out = [];
const show = (iterator) => out.push(util.inspect(iterator), util.inspect(iterator, { depth: -1 }), util.inspect([iterator], { compact: false }));
const map = () => new Map([['a', { x: 1 }], ['b', [2]], ['c', 3], ['d', new Map([[4, 5]])]]);
const set = () => new Set(['a', { x: 1 }, 3, new Set([4])]);
for (const make of [map, set]) {
  for (const kind of ['keys', 'values', 'entries', Symbol.iterator]) {
    const collection = make();
    const iterator = collection[kind]();
    for (let step = 0; step < 6; step++) {
      show(iterator);
      out.push(util.format('%o %j', iterator, step), [...collection].length);
      if (step === 1 && make === map) collection.set('e', 6);
      if (step === 2) collection.delete('c');
      out.push(JSON.stringify(iterator.next()));
    }
  }
  const cleared = make();
  const iterator = cleared.values();
  iterator.next();
  cleared.clear();
  show(iterator);
  show(make().entries());
  show(new (make === map ? Map : Set)().values());
  const own = make().keys();
  own.extra = true;
  show(own);
}
// What it stands on may be gone from the collection, and the collection from everywhere else.
const left = (() => {
  const collection = map();
  const iterator = collection.entries();
  iterator.next();
  collection.delete('a');
  collection.delete('b');
  return iterator;
})();
for (let round = 0; round < 200; round++) util.inspect(left);
show(left);
out.push([...left].length);
let text = '';
const stdout = new Writable({ write: (chunk, encoding, done) => { text += chunk; done(); } });
const { table } = new Console({ stdout, stderr: stdout });
for (const data of [map().entries(), map().values(), map().keys(), set().values(), set().entries(), map(), set()]) table(data);
callback(null, [...out, text]);
