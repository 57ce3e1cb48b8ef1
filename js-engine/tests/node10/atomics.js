// Atomics on plain and on shared memory, every operation and what it refuses. Waiting is not among it: Node may, a lambda
// may not.
const values = [];
const attempt = (act) => {
  try {
    values.push(String(act()));
  } catch (error) {
    values.push(error.name);
  }
};
const kinds = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array];
for (const Kind of kinds) {
  for (const Memory of [SharedArrayBuffer]) {
    const numbers = new Kind(new Memory(16));
    numbers[1] = 200;
    for (const name of ['add', 'sub', 'and', 'or', 'xor', 'exchange', 'store']) {
      attempt(() => Atomics[name](numbers, 1, 77.9));
      attempt(() => Atomics.load(numbers, 1));
      attempt(() => Atomics[name](numbers, 1, -70000));
      attempt(() => Atomics.load(numbers, '1'));
      attempt(() => Atomics[name](numbers, numbers.length, 1));
      attempt(() => Atomics[name](numbers, -1, 1));
    }
    attempt(() => Atomics.compareExchange(numbers, 1, numbers[1], 5));
    attempt(() => Atomics.compareExchange(numbers, 1, 6, 7));
    attempt(() => Atomics.load(numbers, 1));
  }
}
for (const wrong of [new Float64Array(4), new Uint8ClampedArray(4), [1, 2], {}, null, undefined]) {
  attempt(() => Atomics.add(wrong, 0, 1));
  attempt(() => Atomics.load(wrong, 0));
}
attempt(() => [1, 2, 3, 4].map((size) => Atomics.isLockFree(size)));
attempt(() => Object.prototype.toString.call(Atomics));
attempt(() => [Atomics.add.name, Atomics.add.length, Atomics.compareExchange.length]);
attempt(() => typeof Object.getOwnPropertyDescriptor(globalThisOf(), 'Atomics').value);
function globalThisOf() {
  return Function('return this')();
}
callback(null, values);
