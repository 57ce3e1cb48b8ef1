const mailgun = require('mailgun-js');

const lambda = async (input) => {
  const { hostname, port } = new URL(input.payload);
  const client = mailgun({ apiKey: 'key-1', domain: 'd.org', host: hostname, port, protocol: 'http:', endpoint: '/echo' });
  const send = (promise) => promise.then((value) => value, (error) => [error.message, error.statusCode]);
  return [
    client.validateWebhook(1600000000, 'token', 'bad'), client.apiKey, typeof client.messages().send, typeof client.Attachment, new client.Attachment({ data: Buffer.from('x'), filename: 'a.txt', contentType: 'text/plain', knownLength: 1 }).getType(), await send(client.messages().send({ from: 'a@b', to: 'c@d', subject: 'Ü', text: 'x' })),
    await send(client.lists('l@d.org').members().create({ address: 'x@y', vars: { a: 1 } })), await send(client.get('/d.org/stats', { event: ['sent'] })), (() => { try { return mailgun({}); } catch (error) { return error.message; } })(),
  ];
};
