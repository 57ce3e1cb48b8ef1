const middy = require('@middy/core');

const lambda = async () => {
  const seen = [];
  const watch = (name) => ({ before: async () => { seen.push(`${name} before`); }, after: (handler, next) => { seen.push(`${name} after`); handler.response.n += 1; next(); }, onError: async (handler) => { seen.push(`${name} error`); handler.response = { failed: handler.error.message }; } });
  const handler = middy(async (event) => {
    if (event.fail) throw new Error(event.fail);
    return { n: event.n };
  }).use(watch('one')).use(watch('two')).before(async ({ event }) => { event.n *= 10; });
  const call = (event) => new Promise((resolve) => handler(event, {}, (error, value) => resolve([error && error.message, value])));
  return [await call({ n: 1 }), await call({ n: 1, fail: 'broken' }), seen];
};
