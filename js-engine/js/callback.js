// Why this file exists: the contract between a lambda and the platform (contract, section 1). What a lambda is given,
// which call, return or throw settles an invocation, and what a failure looks like to the caller.
(function callbackContract(engine) {
  'use strict';
  const { natives, log } = engine;
  const { apply, hasOwn, isArray, jsonStringify, String, TypeError, SyntaxError, ReferenceError } = engine.primordials;

  const WRONG_FORMAT =
    'Received error in an incorrect format. Please provide an error object to the callback.';
  // QuickJS' wording, and what it means.
  const JSON_REASONS = {
    __proto__: null,
    'circular reference': 'it contains itself (circular reference)',
    'BigInt are forbidden in JSON.stringify': 'it contains a BigInt, which JSON does not have',
  };

  let lambda;
  let round = 0; // counts invocations of a reused instance: what is left of an earlier one settles no later one
  let isRetired = false; // the first callback is one that is left
  let isSpoiled = false; // it failed, or an error went unhandled: what it keeps may be half-made
  let called; // the callback was called: nothing after that changes the reply
  let replied; // the reply left for the host
  let toldOfMore; // the log says that the callback was called when there was an answer
  let waitsFor; // what a reply still depends on, in words
  let returned; // what a lambda that is not async returned; counts when nothing else settles it
  let isAsync;
  let isTopLevel = false; // the lambda is being frozen
  let topLevelError;

  const begin = () => {
    returned = undefined;
    called = replied = toldOfMore = isAsync = false;
    waitsFor = '';
  };

  const text = (value) => {
    if (typeof value === 'string') return value;
    try {
      return jsonStringify(value) ?? String(value);
    } catch {
      return natives.describe(value);
    }
  };

  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

  // The rows of the contract's failure table; `logged` is the entry that goes with the row.
  const classify = (error) => {
    if (isObject(error)) {
      const hasMessage = hasOwn(error, 'errorMsg');
      const message = error.message;
      if (hasMessage || (hasOwn(error, 'errorCode') && (message === undefined || message === ''))) {
        const code = error.errorCode;
        const errorMsg = hasMessage ? text(error.errorMsg) : text(error);
        return { code: typeof code === 'string' && code !== '' ? code : natives.customFailure, errorMsg, known: true };
      }
      const isError = natives.isError(error);
      if (isError || (message !== undefined && message !== null && message !== '')) {
        const { constructor } = error;
        const isRuntime =
          constructor === TypeError || constructor === SyntaxError || constructor === ReferenceError;
        const errorMsg = message === undefined || message === '' ? engine.headline(error) : text(message);
        const code = natives.isOutOfMemory(error)
          ? natives.memoryLimitExceeded
          : isRuntime && isError
            ? natives.runtimeException
            : natives.customFailure;
        return { code, errorMsg, known: true };
      }
    }
    return { code: natives.customFailure, errorMsg: text(error), known: false };
  };

  const stackOf = (error) => {
    try {
      return isObject(error) && typeof error.stack === 'string' ? error.stack : undefined;
    } catch {
      return undefined;
    }
  };

  const sendFailure = (code, message, stack) => {
    isSpoiled = true;
    natives.fail(code, message, stack);
    replied = true;
  };

  const fail = (error) => {
    let failure;
    try {
      failure = classify(error);
    } catch {
      failure = { code: natives.customFailure, errorMsg: natives.describe(error), known: false };
    }
    if (failure.known) {
      log(natives.ERROR, 'Received Error - ' + failure.errorMsg);
    } else {
      log(natives.WARN, WRONG_FORMAT, [{ __proto__: null, originalFailure: error }]);
    }
    sendFailure(failure.code, failure.errorMsg, stackOf(error));
  };

  const succeed = (value) => {
    let unsendable;
    try {
      natives.done(value);
    } catch (error) {
      unsendable = { error };
    }
    if (unsendable === undefined) {
      replied = true;
      return;
    }
    const reason = classify(unsendable.error).errorMsg;
    const message = 'the result cannot be sent as JSON: ' + (JSON_REASONS[reason] ?? reason);
    log(natives.ERROR, 'Received Error - ' + message);
    sendFailure(natives.customFailure, message, stackOf(unsendable.error));
  };

  const isThenable = (value) => natives.isPromise(value) || (isObject(value) && typeof value.then === 'function');

  // `await` asks a native promise for its state without consulting anything a lambda can redefine.
  const succeedWith = async (promise) => {
    let value;
    try {
      value = await promise;
    } catch (error) {
      fail(error);
      return;
    }
    succeed(value);
  };

  // Two ways lead to the callback, and the author hardly knows: the log says so, once.
  const tellOfMore = () => {
    if (toldOfMore) return;
    toldOfMore = true;
    try {
      log(natives.WARN, 'The callback was called although the invocation had its answer: this call changes nothing.');
    } catch {
      // The stack is exhausted, say. That is no reason for the lambda to fail.
    }
  };

  // The callback of an instance's first invocation is part of the image and calls nothing for the sake of others: each
  // object more that every invocation looks at is a page more to restore. Those of later invocations go through it.
  const first = function callback(error, result) {
    if (isRetired) return;
    if (called || replied) {
      tellOfMore();
      return;
    }
    called = true;
    try {
      if (error !== undefined && error !== null) {
        fail(error);
      } else if (isThenable(result)) {
        waitsFor = 'the promise that was given to the callback never settled';
        succeedWith(result);
      } else {
        succeed(result);
      }
    } catch (error) {
      // Nothing was sent (the stack is exhausted, say): whoever catches this may try again.
      if (!replied) called = false;
      throw error;
    }
  };
  let callback = first;
  const callbackOf = (own) =>
    function callback(error, result) {
      if (own !== round) return;
      isRetired = false;
      try {
        first(error, result);
      } finally {
        isRetired = true;
      }
    };

  // Of an async lambda: a rejection fails the invocation, a value other than `undefined` is the result.
  const watch = async (promise) => {
    const own = round;
    let value;
    try {
      value = await promise;
    } catch (error) {
      if (own !== round) complain(error, 'Error of an earlier invocation of this instance');
      else uncaught(error, 'Error after the callback was called');
      return;
    }
    if (value !== undefined && own === round && !called && !replied) {
      called = true;
      succeed(value);
    }
  };

  // An error nobody handles: before the reply it fails the invocation, afterwards it can only be logged.
  const uncaught = (error, what = 'Uncaught error after the callback was called') => {
    if (isTopLevel) {
      topLevelError ??= { __proto__: null, error };
    } else if (!called && !replied) {
      called = true;
      try {
        fail(error);
      } catch (again) {
        // Out of stack or memory: src/engine.rs makes room and comes back.
        if (!replied) called = false;
        throw again;
      }
    } else {
      complain(error, what);
    }
  };

  const complain = (error, what) => {
    isSpoiled = true;
    log(natives.ERROR, what + ': ' + engine.oneLine(error), [error]);
  };

  // Runs the lambda once. Returns when its synchronous part is over.
  const invoke = (envelope) => {
    if (!isObject(envelope) || isArray(envelope)) {
      sendFailure(natives.badInput, 'the request body must be a JSON object', undefined);
      return;
    }
    const headers = hasOwn(envelope, 'headers') ? envelope.headers : [];
    const payload = hasOwn(envelope, 'payload') ? envelope.payload : undefined;
    const input = hasOwn(envelope, 'timestamp')
      ? { timestamp: envelope.timestamp, headers, payload }
      : { headers, payload };

    let value;
    try {
      value = apply(lambda, undefined, [input, callback]);
    } catch (error) {
      uncaught(error, 'Error after the callback was called');
      return;
    }
    if (value === undefined) return;
    let thenable = false;
    try {
      thenable = isThenable(value);
    } catch (error) {
      uncaught(error);
      return;
    }
    if (thenable) {
      isAsync = true;
      watch(value);
    } else {
      returned = value;
    }
  };

  // The event loop is empty and there is no reply: the only question left is why.
  const exhausted = () => {
    if (!called && returned !== undefined) {
      called = true;
      succeed(returned);
      return;
    }
    let message = 'the lambda can no longer answer: ';
    message += called
      ? waitsFor
      : isAsync
        ? 'its callback was never called, and it returned no value'
        : 'its callback was never called';
    message += '. Nothing is left to wait for: no promise job, no timer, no host call.';
    message += engine.rejectionReport();
    const last = engine.lastLine();
    if (last !== undefined) message += ' Last line logged: ' + last;
    called = true;
    sendFailure(natives.executionTimeExceeded, message, undefined);
  };

  engine.adopt = (fn) => {
    lambda = fn;
  };
  engine.beginTopLevel = () => {
    isTopLevel = true;
    topLevelError = undefined;
  };
  // The first error nobody handled, as {error}, if there was one.
  engine.endTopLevel = () => {
    isTopLevel = false;
    return topLevelError;
  };
  engine.resetCallback = () => {
    lambda = undefined;
    isSpoiled = false;
    begin();
  };
  engine.spoil = () => {
    isSpoiled = true;
  };
  // After a success, for the next invocation of the same instance; false when there should be none.
  engine.forgetInvocation = () => {
    if (isSpoiled || !replied) return false;
    callback = callbackOf(++round);
    isRetired = true;
    begin();
    return true;
  };
  engine.uncaught = uncaught;
  engine.hasReplied = () => replied;
  begin();
  engine.entries.invoke = invoke;
  engine.entries.exhausted = exhausted;
  engine.entries.uncaught = (error) => uncaught(error);
})
