const mime = require('mime-types');

const lambda = async () => [
  ['json', 'a.html', '/x/y.PNG', 'file.unknown', '.md', 'x.woff2', 'a.tar.gz'].map((name) => mime.lookup(name)), ['markdown', 'text/html', 'image/png', 'x/y'].map((type) => mime.contentType(type)), mime.extension('text/html; charset=utf-8'), mime.charset('application/json'), Object.keys(mime.types).length, mime.extensions['image/jpeg'],
];
