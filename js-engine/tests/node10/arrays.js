// Arrays whose length is beyond their elements, which QuickJS by itself takes for full when it appends to them.
const made = [];
const keep = (array) => { made.push(array); return array; };
for (let n = 0; n < 300; n++) {
  const holes = keep(new Array(2));
  holes.push({ n });
  holes[0] = { first: n };
  const grown = keep([n, { n }]);
  grown.length = 7;
  grown.push({ last: n }, n);
  const shrunk = keep([1, 2, 3, { n }, 5]);
  shrunk.length = 1;
  shrunk.length = 4;
  shrunk.push({ again: n });
  const cut = keep(new Array(3));
  cut.push({ n }, { n });
  cut.length = 1;
  const front = keep([]);
  front.length = 2;
  front.unshift({ n });
}
callback(null, [
  made, made.slice(0, 5).map((array) => [array.length, Object.keys(array), 1 in array, array[1] === undefined]), [new Array(3).push(), new Array(3).push(1), [].push(1, 2)],
  (() => { const array = new Array(2); array.push('x'); return [array.indexOf('x'), array.concat([1]), array.slice(1), array.reverse(), array.pop(), array.shift(), array.length]; })(),
  (() => { const array = new Array(1000); for (let n = 0; n < 100; n++) array.push(n); return [array.length, array[1050], array.filter(() => true).length]; })(),
  (() => { 'use strict'; const array = Object.freeze(new Array(2)); try { return array.push(1); } catch (error) { return error.name; } })(),
]);
