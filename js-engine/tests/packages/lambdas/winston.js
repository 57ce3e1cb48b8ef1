const { Writable } = require('stream');
const winston = require('winston');

const lambda = async () => {
  const lines = [];
  const stream = new Writable({ write: (part, encoding, done) => { lines.push(String(part)); done(); } });
  const { combine, errors, json, label, printf, splat } = winston.format;
  const logger = winston.createLogger({ level: 'debug', defaultMeta: { app: 'x' }, format: combine(errors(), splat(), label({ label: 'L' }), json()), transports: [new winston.transports.Stream({ stream }), new winston.transports.Stream({ stream, level: 'warn', format: printf(({ level, message }) => `${level}: ${message}`) })] });
  logger.info('hello %s %d', 'you', 5, { extra: [1] });
  logger.child({ part: 'c' }).warn('careful');
  logger.silly('never');
  logger.log({ level: 'error', message: 'broken ü', code: 7 });
  logger.error(new Error('thrown'));
  await new Promise((done) => logger.on('finish', done).end());
  return [lines, logger.isLevelEnabled && logger.isLevelEnabled('silly'), Object.keys(winston.config.npm.levels), logger.transports.length];
};
