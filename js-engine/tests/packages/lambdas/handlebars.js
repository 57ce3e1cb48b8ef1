const Handlebars = require('handlebars');

const lambda = async () => {
  const own = Handlebars.create();
  own.registerHelper('loud', (text, options) => new own.SafeString(`<b>${own.escapeExpression(text).toUpperCase()}</b>${options.hash.mark || ''}`));
  own.registerHelper('times', function (n, options) { let all = ''; for (let i = 0; i < n; i++) all += options.fn(this, { data: { index: i } }); return all; });
  own.registerPartial('row', '<li>{{@index}}/{{name}}{{#if @last}}.{{/if}}</li>');
  const template = own.compile('{{#each people}}{{> row}}{{else}}none{{/each}}{{loud title mark="!"}}{{{raw}}}{{raw}}{{#with deep}}{{a.b}}{{../title}}{{/with}}{{#unless no}}ok{{/unless}}{{#times 2}}{{@index}}{{/times}}{{lookup map "k"}}{{!-- c --}}');
  const data = { people: [{ name: 'A' }, { name: '<B>' }], title: 'tü', raw: '<i>&', deep: { a: { b: 1 } }, map: { k: 'v' } };
  return [template(data), template({ people: [] }), own.precompile('{{a}}').length > 100, (() => { try { return own.compile('{{#if}}')({}); } catch (error) { return error.message; } })()];
};
