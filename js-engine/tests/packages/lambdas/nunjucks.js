const nunjucks = require('nunjucks');

const lambda = async () => {
  const pages = { 'base.html': '<t>{% block title %}none{% endblock %}</t>{% block body %}{% endblock %}', 'macro.html': '{% macro field(name, value="") %}<input {{ name }}={{ value }}>{% endmacro %}' };
  const Loader = nunjucks.Loader.extend({ getSource: (name) => ({ src: pages[name], path: name, noCache: true }) });
  const environment = new nunjucks.Environment(new Loader(), { autoescape: true });
  environment.addFilter('shout', (text, mark) => text.toUpperCase() + (mark || '!'));
  return [
    environment.renderString('{% extends "base.html" %}{% import "macro.html" as m %}{% block title %}{{ title | shout("?") }}{% endblock %}{% block body %}{% for k, v in map %}{{ loop.index }}{{ k }}={{ v }}{% if not loop.last %},{% endif %}{% endfor %}{{ m.field("a") }}{{ super() }}{% endblock %}', { title: 'ü<', map: { a: 1, b: 2 } }),
    environment.renderString('{{ [3, 1, 2] | sort | join("-") }} {{ "a b" | title }} {{ x | default("d") }} {{ 3.7 | round }} {{ {a: [1]} | dump | safe }} {% set y = 4 %}{{ y ** 2 if y > 3 else 0 }}'), (() => { try { return environment.renderString('{% if %}'); } catch (error) { return error.name; } })(),
  ];
};
