function lambda(input, callback) {
  const cause = new TypeError("cause");
  const error = Object.assign(new Error("outer", { cause }), { code: "E_OUTER", detail: { a: 1 } });
  console.error("failed", error);
  console.error(new AggregateError([new Error("one")], "several"));
  console.error(Object.assign(Object.create(Error.prototype), { message: "not really an error" }));
  callback();
}
