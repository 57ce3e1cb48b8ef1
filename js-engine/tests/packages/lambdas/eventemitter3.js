const EventEmitter = require('eventemitter3');

const lambda = async () => {
  const emitter = new EventEmitter();
  const heard = [];
  const context = { name: 'ctx' };
  emitter.on('x', function (...all) { heard.push([this.name, ...all]); }, context).once('x', () => heard.push('once'));
  const sent = [emitter.emit('x', 1, 2, 3, 4, 5, 6), emitter.emit('x'), emitter.emit('none')];
  emitter.on('y', emitter.removeListener.bind(emitter, 'x'));
  emitter.emit('y');
  return [heard, sent, emitter.eventNames(), emitter.listenerCount('x'), emitter.off('y').listeners('y').length, EventEmitter.prefixed, (() => { try { return emitter.on('z', 'no'); } catch (error) { return [error.name, error.message]; } })(), emitter.removeAllListeners().eventNames()];
};
