const nodemailer = require('nodemailer');

const lambda = async () => {
  const message = { from: '"Mé" <me@x.de>', to: ['a@b.de', { name: 'B, b', address: 'b@c.de' }], cc: 'Grp: c@d.de, e@f.de;', subject: 'Hällo €', text: 'plain ü '.repeat(12), html: '<p>html <img src="cid:i"></p>', date: new Date(0), messageId: '<id@x>', headers: { 'X-Mine': 'ü'.repeat(40) }, attachments: [{ filename: 'ä.txt', content: Buffer.from('data') }, { filename: 'i.png', content: 'AAEC', encoding: 'base64', cid: 'i' }], boundary: 'b', textEncoding: 'quoted-printable', baseBoundary: 'base' };
  const json = await nodemailer.createTransport({ jsonTransport: true }).sendMail(message);
  const raw = await nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' }).sendMail(message);
  return [JSON.parse(json.message), json.envelope, raw.message.toString().replace(/^(X-Mailer|User-Agent).*\n/gm, ''), await nodemailer.createTransport({ jsonTransport: true }).sendMail({ text: { path: '/no/such/file' } }).then(() => 'sent', (error) => error.code)];
};
