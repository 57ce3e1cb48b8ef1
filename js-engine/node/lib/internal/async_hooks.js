// Why this file exists: Node's library asks for ids of asynchronous contexts. Nothing here follows such contexts.
'use strict';
const id = Symbol('asyncId');
const trigger = Symbol('triggerAsyncId');

module.exports = {
  defaultTriggerAsyncIdScope: (resource, block, ...args) => block(...args),
  emitAfter() {},
  emitBefore() {},
  emitDestroy() {},
  emitInit() {},
  executionAsyncId: () => 1,
  getDefaultTriggerAsyncId: () => 1,
  getOrSetAsyncId: () => 1,
  initHooksExist: () => false,
  destroyHooksExist: () => false,
  newAsyncId: () => 1,
  symbols: { async_id_symbol: id, trigger_async_id_symbol: trigger, owner_symbol: Symbol('owner') },
};
