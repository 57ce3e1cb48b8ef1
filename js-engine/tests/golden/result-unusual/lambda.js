function lambda(input, callback) {
  callback(null, {
    date: new Date(0),
    map: new Map([[1, 2]]),
    error: new TypeError("only own enumerable properties"),
    nan: NaN,
    undef: undefined,
    fn() {},
    list: [undefined, () => 1, Symbol("s")],
    surrogate: "\ud800",
    astral: "\u{1f411}",
    nul: "\0",
  });
}
