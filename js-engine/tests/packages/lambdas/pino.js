const { Writable } = require('stream');
const pino = require('pino');

const lambda = async () => {
  const lines = [];
  const stream = new Writable({ write: (part, encoding, done) => { lines.push(JSON.parse(part)); done(); } });
  const log = pino({ level: 'debug', base: { app: 'x' }, timestamp: () => ',"time":1', redact: ['secret', 'user.password', 'list[*].key'], serializers: { err: pino.stdSerializers.err }, customLevels: { loud: 35 }, messageKey: 'message' }, stream);
  log.info({ secret: 's', user: { name: 'ü', password: 'p' }, list: [{ key: 1, k: 2 }] }, 'hello %s %d %j', 'you', 5, { a: 1 });
  log.child({ part: 'child' }).warn('in child');
  log.trace('never');
  log.loud('loud');
  log.error(new TypeError('broken'));
  const failed = lines.find(({ level }) => level === 50);
  failed.stack = failed.err ? typeof failed.err.stack : typeof failed.stack;
  delete failed.err;
  return [lines, log.isLevelEnabled('trace'), pino.levels.labels, log.bindings()];
};
