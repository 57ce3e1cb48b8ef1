const EventEmitter = require('events');
const util = require('util');
function lambda(input, callback) {
  const log = [];
  const emitter = new EventEmitter();
  emitter.on('newListener', (name) => log.push('new ' + String(name)));
  const f = (...args) => log.push(['f', ...args]);
  emitter.on('a', f).once('a', (...args) => log.push(['once', ...args])).prependListener('a', () => log.push('first'));
  log.push(emitter.emit('a', 1, 2), emitter.emit('a', 3), emitter.emit('none'), emitter.listenerCount('a'), emitter.eventNames().map(String));
  emitter.off('a', f);
  emitter.removeAllListeners('a');
  log.push(emitter.listenerCount('a'), emitter.rawListeners('newListener').length, EventEmitter.defaultMaxListeners, emitter.getMaxListeners());
  log.push(attempt(() => emitter.emit('error', new Error('boom'))), attempt(() => emitter.emit('error', { a: 1 })), attempt(() => emitter.emit('error')), attempt(() => emitter.on('a', 5)), attempt(() => emitter.setMaxListeners(-1)), attempt(() => { EventEmitter.defaultMaxListeners = 'x'; }));
  function Old() { EventEmitter.call(this); }
  util.inherits(Old, EventEmitter);
  const old = new Old();
  old.on('x', function () { log.push(this === old); });
  old.emit('x');
  class Modern extends EventEmitter {}
  log.push(new Modern() instanceof EventEmitter, EventEmitter.EventEmitter === EventEmitter, typeof EventEmitter.once, EventEmitter.usingDomains);
  callback(null, log);
}
