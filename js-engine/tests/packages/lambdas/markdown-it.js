const MarkdownIt = require('markdown-it');

const lambda = async () => {
  const text = '# Title\n\nSome *em* **bold** `code` [l](http://a.de) <b>x</b>\n\n1. one\n2. two\n   * deep\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n~~~js\nx < y\n~~~\n\n[ref]: http://r.de "T"\nSee [ref]. www.auto.de (c) "quotes" -- ...';
  const rich = new MarkdownIt({ html: true, linkify: true, typographer: true, breaks: true, highlight: (code, language) => `<i>${language}:${code.length}</i>` });
  return [new MarkdownIt().render(text), rich.render(text), rich.renderInline('*x* http://y.de'), new MarkdownIt('commonmark').parse('a\n\n- b', {}).map(({ type, tag, nesting }) => [type, tag, nesting]), new MarkdownIt('zero').render('*plain*')];
};
