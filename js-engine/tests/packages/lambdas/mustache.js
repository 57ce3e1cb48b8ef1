const Mustache = require('mustache');

const lambda = async () => [
  Mustache.render('{{#items}}<{{name}}{{^last}}, {{/last}}>{{/items}}{{^none}}empty{{/none}} {{{raw}}} {{raw}} {{a.b}} {{>part}} {{! c }}', { items: [{ name: 'x' }, { name: 'y', last: true }], none: [], raw: '<&"/>', a: { b: 1 } }, { part: '[{{a.b}}]' }),
  Mustache.render('{{=<% %>=}}<% x %>{{x}}', { x: 1 }), Mustache.render('{{#bold}}Hi {{n}}{{/bold}}', { n: 'T', bold: () => (text, render) => `<b>${render(text)}</b>` }), Mustache.parse('a{{#b}}{{c}}{{/b}}'), (() => { try { return Mustache.render('{{#a}}'); } catch (error) { return error.message; } })(),
];
