const parser = require('fast-xml-parser');

const lambda = async () => {
  const text = '<a x="1" y="true"><b>1.50</b><b><![CDATA[c < d]]></b><!-- no --><e/>text &lt;</a>';
  return [
    parser.parse(text), parser.parse(text, { ignoreAttributes: false, attributeNamePrefix: '@', parseAttributeValue: true, cdataTagName: '#cdata', arrayMode: true }), parser.validate('<a><b></a>'), parser.validate(text),
    new parser.j2xParser({ format: true, ignoreAttributes: false, attributeNamePrefix: '@' }).parse({ a: { '@x': 1, b: [1, 'two'], c: { d: true } } }), parser.parse('<n>0012</n>', { parseTrueNumberOnly: true }),
  ];
};
