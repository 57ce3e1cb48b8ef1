const YAML = require('yaml');

const lambda = async () => {
  const document = YAML.parseDocument('# top\na: 1 # one\nlist:\n  - x\n  - {y: z}\n');
  document.set('b', ['new', { deep: true }]);
  document.setIn(['list', 1, 'y'], 'changed');
  return [
    String(document), YAML.parse('a: &x [1, 2]\nb: *x\nc: !!str 3\nd: >\n  folded\n  text\ne: 0o14\n'), YAML.stringify({ a: [1, { b: 'yes', c: 'multi\nline\n' }], 'key: x': null, date: new Date(0) }), YAML.parseDocument('a: [1').errors.map((error) => [error.name, error.message]),
    YAML.parseAllDocuments('1\n---\n2').length, YAML.parse('{ a: 1, ? b : 2 }'),
  ];
};
