const parse = require('csv-parse');
const sync = require('csv-parse/lib/sync');

const lambda = async () => {
  const text = 'id;name;n\r\n1;"A ""q"" ü";1.5\r\n\r\n2;"two\nlines";\r\n# no\r\n';
  const streamed = await new Promise((resolve, reject) => {
    const rows = [];
    const parser = parse({ delimiter: ';', from_line: 2, comment: '#', skip_empty_lines: true });
    parser.on('data', (row) => rows.push(row)).on('error', reject).on('end', () => resolve([rows, parser.info.records]));
    for (const letter of text) parser.write(letter);
    parser.end();
  });
  return [
    sync(text, { delimiter: ';', columns: true, cast: (value, { column }) => (column === 'n' ? Number(value) : value), comment: '#', skip_empty_lines: true }), streamed, sync('a, b ,c\n1,2', { trim: true, relax_column_count: true }), await new Promise((resolve) => parse('a,"b', (error) => resolve([error.code, error.message]))),
    sync('x|y\n1|2', { delimiter: '|', columns: ['p', 'q'], to: 1, info: true })[0].record, sync(Buffer.from('\ufeffa\n1'), { bom: true, columns: true }),
  ];
};
