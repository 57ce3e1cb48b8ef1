const sanitize = require('sanitize-html');

const lambda = async () => {
  const dirty = '<p onclick="x()">Hi <script>alert(1)</script><a href="javascript:x" target=_blank>a</a> <a href="https://ok.de?a=1&b=2">ok</a><img src=x onerror=y><b style="color:red;position:fixed">b</b><!-- c --><iframe src="//evil"></iframe>&copy;</p><ul><li>1<li>2';
  return [
    sanitize(dirty), sanitize(dirty, { allowedTags: [], allowedAttributes: {} }), sanitize(dirty, { allowedTags: ['b', 'a', 'strong'], allowedAttributes: { a: ['href', 'rel'], b: ['style'] }, allowedStyles: { '*': { color: [/^red$/] } }, transformTags: { a: sanitize.simpleTransform('a', { rel: 'nofollow' }) } }),
    sanitize('<x>kept?</x>', { disallowedTagsMode: 'escape' }), sanitize('<p>a</p>', { textFilter: (text) => text.toUpperCase() }),
  ];
};
