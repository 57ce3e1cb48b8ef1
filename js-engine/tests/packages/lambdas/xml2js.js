const xml2js = require('xml2js');

const lambda = async () => {
  const text = '<?xml version="1.0"?><!DOCTYPE x><order id="7" xmlns:a="urn:a"><item n="1">A &amp; B</item><item n="2"><![CDATA[<raw>]]></item><a:note/>\n<empty></empty></order>';
  const parse = (options) => new Promise((resolve, reject) => xml2js.parseString(text, options, (error, value) => (error ? reject(error) : resolve(value))));
  return [
    await parse({}), await parse({ explicitArray: false, mergeAttrs: true, tagNameProcessors: [xml2js.processors.stripPrefix], valueProcessors: [xml2js.processors.parseNumbers] }), await parse({ explicitChildren: true, preserveChildrenOrder: true, charsAsChildren: true }),
    new xml2js.Builder({ rootName: 'r', cdata: true }).buildObject({ $: { a: '1' }, list: [1, { _: 'text <b>', $: { k: 'v' } }], none: null }), await xml2js.parseStringPromise('<a><b></a>').catch((error) => error.message),
  ];
};
