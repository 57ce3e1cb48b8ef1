const he = require('he');

const lambda = async () => [
  he.encode('foo © bar ≠ baz 𝌆 qux <&>"\'`'), he.encode('ü©', { useNamedReferences: true }), he.encode('ü', { decimal: true }), he.encode('a©', { encodeEverything: true }), he.decode('&copy; &#x1D306; &ampx; &lt;&notit; &#128; &nbsp;&amp'), he.decode('foo&ampbar', { isAttributeValue: true }),
  he.escape('<img src="x">'), (() => { try { return he.decode('&#xD800;', { strict: true }); } catch (error) { return error.message; } })(),
];
