const yaml = require('js-yaml');

const lambda = async () => {
  const text = 'base: &base\n  name: x\n  list: [1, 2.5, 0x1F, ~, true]\nother:\n  <<: *base\n  text: |\n    two\n    lines\n  folded: >-\n    one\n    line\n  at: 2001-12-14t21:59:43.10-05:00\n  bin: !!binary aGVsbG8=\n  set: !!set {a, b}\n"quoted \\u00fc": \'it\'\'s\'\n';
  const loaded = yaml.safeLoad(text);
  let failure;
  try {
    yaml.safeLoad('a: [1\nb: 2');
  } catch (error) {
    failure = [error.name, error.reason, error.mark.line, error.message];
  }
  return [loaded, loaded.other.bin.toString(), yaml.safeDump({ a: [1, { b: 'x: y' }], long: 'word '.repeat(30), date: new Date(0), nothing: null, multi: 'a\nb\n' }, { sortKeys: true }), yaml.safeLoadAll('a: 1\n---\nb: 2\n').length, failure];
};
