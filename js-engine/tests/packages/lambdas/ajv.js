const Ajv = require('ajv');

const lambda = async () => {
  const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: true, $data: true });
  ajv.addKeyword('even', { type: 'number', compile: (wanted) => (data) => (data % 2 === 0) === wanted });
  ajv.addSchema({ $id: 'http://x/defs.json', definitions: { point: { type: 'object', required: ['x', 'y'], properties: { x: { type: 'number' }, y: { type: 'number', default: 0 } } } } });
  const validate = ajv.compile({
    type: 'object', required: ['id', 'list'], additionalProperties: false, properties: {
      id: { type: 'integer', even: true }, mail: { type: 'string', format: 'email' }, when: { format: 'date-time' }, list: { type: 'array', minItems: 1, uniqueItems: true, items: { $ref: 'http://x/defs.json#/definitions/point' } },
      low: { type: 'number' }, high: { type: 'number', minimum: { $data: '1/low' } }, kind: { enum: ['a', 'b'] }, name: { type: 'string', pattern: '^\\p{L}+$|^[a-z]+$' },
    }, if: { properties: { kind: { const: 'a' } }, required: ['kind'] }, then: { required: ['name'] },
  });
  return [{ id: '4', list: [{ x: 1 }] }, { id: 3, mail: 'no', when: '2020', list: [], more: 1 }, { id: 2, list: [{ x: 'a' }, { x: 'a' }], low: 5, high: 3, kind: 'a' }].map((data) => [validate(data), data, validate.errors, ajv.errorsText(validate.errors)]);
};
