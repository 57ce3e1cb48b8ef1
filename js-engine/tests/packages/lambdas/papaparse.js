const Papa = require('papaparse');

const lambda = async () => {
  const steps = [];
  Papa.parse('a,b\n1,2\n3,4', { header: true, step: ({ data }) => steps.push(data) });
  return [
    Papa.parse('name,n,ok\n"A, ""b""",1.5,true\nü,,x\n', { header: true, dynamicTyping: true, skipEmptyLines: true }), Papa.parse('a\tb\n1\t2').meta, steps, Papa.unparse([{ a: 1, b: 'x,y' }, { a: null, b: 'q"' }], { quotes: [true, false], newline: '\n' }), Papa.unparse({ fields: ['x'], data: [[1], ['=1']] }, { delimiter: ';', escapeFormulae: true }),
    Papa.parse('a,b\n1', { header: true }).errors, Papa.parse('"open', {}).errors, Papa.parse('#c\n1;2', { comments: '#', transform: (value) => value + '!' }).data,
  ];
};
