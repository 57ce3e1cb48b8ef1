const mail = require('@sendgrid/mail');
const { Client } = require('@sendgrid/client');

const lambda = async (input) => {
  const client = new Client();
  mail.setClient(client);
  mail.setApiKey('SG.key');
  client.setDefaultRequest('baseUrl', input.payload);
  const sent = [];
  client.request = ((request) => (data, done) => { sent.push(data.body.toJSON ? data.body.toJSON() : data.body); return request.call(client, { ...data, url: '/echo' }, done); })(client.request);
  const message = { to: ['a@b.de', { name: 'Ü', email: 'c@d.de' }], from: 'me@x.de', subject: 'Hi', text: 'plain', html: '<b>x</b>', dynamicTemplateData: { k: 'v' }, sendAt: 5, attachments: [{ content: 'YQ==', filename: 'a.txt' }] };
  const [response, body] = await mail.send(message);
  return [response.statusCode, body.method, JSON.parse(body.body), body.headers.authorization, sent.length, await mail.send({ to: 'x', from: 'me@x.de', subject: 's' }).then(([{ statusCode }, { body: text }]) => [statusCode, JSON.parse(text)], (error) => error.message), (await mail.sendMultiple({ ...message, isMultiple: true })).length, (() => { try { return mail.send({ ...message, from: 5 }); } catch (error) { return error.message; } })()];
};
