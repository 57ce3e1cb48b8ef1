const Stripe = require('stripe');

const lambda = async (input) => {
  const { hostname, port } = new URL(input.payload);
  const stripe = Stripe('sk_test_1', { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0, apiVersion: '2020-08-27' });
  const seen = ({ method, path, body, headers }) => [method, path, body, headers.authorization, headers['stripe-version'], headers['content-type'], headers['idempotency-key']];
  const header = stripe.webhooks.generateTestHeaderString({ payload: '{"id":"evt"}', secret: 'whsec', timestamp: 1600000000 });
  return [
    seen(await stripe.customers.create({ name: 'Ü', metadata: { a: '1' }, address: { line1: 'x y' }, expand: ['sources'] }, { idempotencyKey: 'key' })), seen(await stripe.charges.list({ limit: 3, created: { gt: 1 } })), seen(await stripe.invoices.retrieve('in_1', { apiKey: 'sk_other' })), header,
    stripe.webhooks.constructEvent('{"id":"evt"}', header, 'whsec', 1e12).id, (() => { try { return stripe.webhooks.constructEvent('{"id":"evil"}', header, 'whsec', 1e12); } catch (error) { return [error.type, error.message.slice(0, 40)]; } })(), (await stripe.customers.del('x')).method,
  ];
};
