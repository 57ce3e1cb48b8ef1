const marked = require('marked');

const lambda = async () => {
  const text = '# Title *em*\n\nText with `code`, **bold**, [link](http://a.de "t"), <b>html</b> & ü.\n\n- one\n- [x] done\n  1. deep\n\n> quote\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n```js\nlet a = "<x>";\n```\n\n![i](x.png)\n***\nhttps://auto.link ~~gone~~';
  const renderer = new marked.Renderer();
  renderer.heading = (body, level) => `<h${level} class="mine">${body}</h${level}>`;
  return [marked(text), marked('# a', { renderer }), marked('a\nb', { breaks: true }), marked.lexer('- a\n- b')[0].items.length, marked.parseInline('*x*'), marked('"quoted" -- text...', { smartypants: true })];
};
