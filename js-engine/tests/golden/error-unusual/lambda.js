function lambda(input, callback) {
  const seen = [];
  for (const error of [
    new (class extends Error { get name() { throw 1; } })('bad name'),
    Object.assign(new Error('m'), { name: '' }),
    new Error(undefined),
    new DOMException('dom', 'AbortError'),
  ]) seen.push(error.stack.split('\n')[0]);
  callback(null, seen);
}
