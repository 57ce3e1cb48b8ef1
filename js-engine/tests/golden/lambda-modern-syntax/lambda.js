class Counter {
  #count = 0;
  static of(n) {
    const counter = new Counter();
    counter.#count = n;
    return counter;
  }
  get next() {
    return ++this.#count;
  }
}
async function* numbers() {
  yield 1;
  yield* [2, 3];
}
async function lambda(input, callback) {
  const seen = [];
  for await (const n of numbers()) seen.push(n ** 2);
  const { a, ...rest } = { a: 1, b: 2, c: 3 };
  callback(null, {
    optional: input.payload?.missing?.deep ?? 'default',
    seen,
    rest,
    next: Counter.of(41).next,
    big: (2n ** 64n).toString(),
    flat: [[1, [2]]].flat(Infinity),
    named: /(?<year>\d{4})/u.exec('in 2019').groups.year,
    behind: 'a1b2'.replace(/(?<=[a-z])\d/g, '#'),
    entries: Object.fromEntries(new Map([['k', 'v']])),
    settled: (await Promise.allSettled([Promise.reject(new Error('no')), 1])).map((one) => one.status),
  });
}
