function lambda(input, callback) {
  callback(undefined, { ok: true });
}
