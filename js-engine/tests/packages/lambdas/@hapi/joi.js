const Joi = require('@hapi/joi');

const lambda = async () => {
  const schema = Joi.object().keys({
    name: Joi.string().alphanum().min(3).max(30).required(), born: Joi.number().integer().min(1900), mail: Joi.string().email({ minDomainSegments: 2 }), at: Joi.date().iso(),
    tags: Joi.array().items(Joi.string().lowercase()).unique().default([]), password: Joi.string().regex(/^\w{3,}$/), repeat: Joi.ref('password'), kind: Joi.any().valid('a', 'b').when('born', { is: Joi.exist(), then: Joi.required() }), uri: Joi.string().uri({ scheme: ['https'] }),
  }).with('password', 'repeat');
  const check = (value) => {
    const { error, value: converted } = schema.validate(value, { abortEarly: false });
    return [error && error.details.map(({ message, path, type }) => [message, path, type]), converted];
  };
  return [
    check({ name: 'anna', born: '1994', kind: 'a', mail: 'a@b.com', at: '2020-01-01', tags: ['x'], uri: 'https://a.de/b' }), check({ name: 'a', born: 1899.5, mail: 'no', tags: ['x', 'x'], extra: 1 }), check({ name: 'abc', password: 'abc', uri: 'ftp://x' }),
    Joi.describe(Joi.number().max(5)), Joi.attempt('5', Joi.number()), schema.isJoi,
  ];
};
