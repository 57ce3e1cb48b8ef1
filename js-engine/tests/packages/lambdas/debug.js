const debug = require('debug');

const lambda = async () => {
  const lines = [];
  debug.enable('app:*,-app:quiet');
  debug.log = (...parts) => lines.push(require('util').format(...parts).replace(/^\S+Z /, '').replace(/\+\d+ms/, ''));
  const log = debug('app:http');
  log.useColors = false;
  const part = log.extend('body');
  part.useColors = false;
  log('%s %d %o %O %j %%', 'GET', 200, { a: [1, { b: 2 }] }, new Map([['k', 'v']]), { c: null });
  part('bytes %o', Buffer.from('ab'));
  debug('app:quiet')('never');
  return [lines, debug.enabled('app:x'), debug.enabled('app:quiet'), debug('other').enabled, part.namespace, debug.disable()];
};
