const ejs = require('ejs');

const lambda = async () => [
  ejs.render('<% list.forEach((x, i) => { -%>\n<%= i %>:<%- x %>\n<% }) -%><%# none %><%% raw', { list: ['<a>', 'b'] }), ejs.render('<?= a ?>', { a: '&' }, { delimiter: '?' }), ejs.compile('<%= locals.b || "none" %>')({}), await ejs.render('<%= await later %>', { later: Promise.resolve(7) }, { async: true }),
  ejs.render('<%- include("part", { n: 2 }) %>', {}, { includer: () => ({ template: '[<%= n %>]' }) }), (() => { try { return ejs.render('a\n<%= missing.x %>'); } catch (error) { return [error.name, error.message.split('\n').slice(0, 4)]; } })(),
];
