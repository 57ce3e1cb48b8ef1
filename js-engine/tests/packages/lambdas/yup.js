const yup = require('yup');

const lambda = async () => {
  const schema = yup.object({ name: yup.string().trim().required(), age: yup.number().positive().integer().max(150), mail: yup.string().email(), site: yup.string().url().nullable(), tags: yup.array().of(yup.string().min(2)).ensure(), on: yup.date().default(() => new Date(0)) }).noUnknown();
  const check = (value) => schema.validate(value, { abortEarly: false }).then((valid) => ['valid', valid], (error) => [error.name, error.message, error.errors, error.inner.map(({ path, type }) => [path, type])]);
  return [await check({ name: ' ann ', age: '5', site: null, tags: 'one' }), await check({ age: -1.5, mail: 'x', site: 'y', tags: ['a'] }), schema.cast({ name: 1, age: '7' }), schema.isValidSync({ name: 'x' }), schema.describe().fields.age.tests];
};
