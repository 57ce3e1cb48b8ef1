const twilio = require('twilio');

const lambda = async () => {
  const asked = [];
  const httpClient = { request: async (options) => { asked.push([options.method, options.uri, options.data, options.params]); return options.uri.endsWith('/Messages.json') ? { statusCode: 201, body: { sid: 'SM1', status: 'queued', date_created: 'Thu, 30 Jul 2015 20:12:31 +0000', price: null, num_segments: '1' } } : { statusCode: 404, body: '{"code":20404,"message":"not found","status":404}' }; } };
  const client = twilio(`AC${'1'.repeat(32)}`, 'token', { httpClient });
  const message = await client.messages.create({ to: '+1', from: '+2', body: 'Hi ü', mediaUrl: ['http://a/b.png'] });
  const voice = new twilio.twiml.VoiceResponse();
  voice.say({ voice: 'alice' }, 'Hello <you> & ü');
  voice.gather({ numDigits: 1, action: '/next' }).play({ loop: 2 }, 'http://a/b.mp3');
  const token = new twilio.jwt.AccessToken('AC1', 'SK1', 'secret', { identity: 'me', ttl: 60 });
  token.addGrant(new twilio.jwt.AccessToken.VideoGrant({ room: 'r' }));
  return [
    message.sid, message.dateCreated, asked, await client.messages('SM2').fetch().catch((error) => [error.status, error.code, error.message]), voice.toString(), twilio.validateRequest('12345', 'hpJQNhZBWJyF+UJvZzLm5vPbJQI=', 'https://a.de/x?y=1', { b: '2', a: '1' }),
    JSON.parse(Buffer.from(token.toJwt().split('.')[1], 'base64')).grants, new twilio.twiml.MessagingResponse().message('x').toString(),
  ];
};
