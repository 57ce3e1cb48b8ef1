function lambda(input, callback) {
  const before = { ...process.env };
  process.env.ADDED = 12;
  process.env.NULLED = null;
  delete process.env.HOME;
  callback(null, [before, Object.keys(process.env), process.env.ADDED, process.env.NULLED, process.env.MISSING === undefined, "ADDED" in process.env]);
}
