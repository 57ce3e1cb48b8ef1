function lambda(input, callback) {
  console.assert(true, "silent");
  console.assert(false, "asserted", 1);
  console.count();
  console.count();
  console.count("other");
  console.time("t");
  console.timeEnd("t");
  console.timeEnd("missing");
  console.dir({ dir: 1 });
  console.table([{ a: 1 }]);
  console.group("grouped");
  console.groupEnd();
  console.trace("here");
  callback();
}
