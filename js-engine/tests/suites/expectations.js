// Why this file exists: what Node's test files call `../common`, written for a lambda: the helpers that count calls, hold
// errors and warnings to what is expected, and say what this platform has not. Part of the lambda of stage.js.
function common(module, require, stage) {
  const assert = require('assert');

  const checks = [];
  const noop = () => {};

  process.on('exit', (code) => {
    if (code !== 0) return;
    const wrong = checks.filter(({ actual, least, exact }) => (exact ? actual !== least : actual < least));
    if (wrong.length === 0) return;
    const told = wrong.map(({ name, actual, least }) => `${name} was called ${actual} times instead of ${least}`);
    throw new Error(told.join('; '));
  });

  const counted = (exact) =>
    function (fn, count = 1) {
      if (typeof fn === 'number') [fn, count] = [noop, fn];
      else if (fn === undefined) fn = noop;
      if (typeof count !== 'number') throw new TypeError(`Invalid count: ${count}`);
      const check = { name: fn.name || '<anonymous>', actual: 0, least: count, exact };
      checks.push(check);
      return function (...args) {
        check.actual++;
        return fn.apply(this, args);
      };
    };
  const mustCall = counted(true);

  const skip = (why) => {
    stage.tell('skip', why);
    process.exit(0);
  };

  // An error must be what `settings` says of it: type, code, message (a pattern may do), any property.
  function expectsError(fn, settings, count) {
    if (typeof fn !== 'function') [fn, settings, count] = [undefined, fn, settings];
    const check = (...args) => {
      assert.strictEqual(args.length, 1, 'an error and nothing else');
      const [error] = args;
      assert.strictEqual(Object.getOwnPropertyDescriptor(error, 'message').enumerable, false);
      for (const [key, expected] of Object.entries(settings)) {
        if (key === 'type') {
          let { constructor } = error;
          if (constructor.name === 'NodeError' && expected.name !== 'NodeError') constructor = Object.getPrototypeOf(constructor);
          assert.strictEqual(constructor, expected);
        } else if (key === 'message' && expected instanceof RegExp) {
          assert.ok(expected.test(error.message), `${JSON.stringify(error.message)} does not match ${expected}`);
        } else {
          assert.deepStrictEqual(error[key], expected);
        }
      }
      return true;
    };
    if (fn === undefined) return mustCall(check, count);
    return assert.throws(fn, check);
  }

  const warningsOf = (name, expected, code) => {
    if (typeof expected === 'string') expected = [[expected, code]];
    else if (expected.length === 2 && !Array.isArray(expected[0])) expected = [expected];
    const known = new Map(expected);
    return mustCall((warning) => {
      assert.strictEqual(warning.name, name);
      assert.ok(known.has(warning.message), `unexpected warning: ${warning.message}`);
      assert.strictEqual(warning.code, known.get(warning.message));
    }, expected.length);
  };
  function expectWarning(nameOrMap, expected, code) {
    if (typeof nameOrMap === 'string') {
      process.on('warning', warningsOf(nameOrMap, expected, code));
      return;
    }
    const byName = {};
    for (const name of Object.keys(nameOrMap)) byName[name] = warningsOf(name, nameOrMap[name]);
    process.on('warning', (warning) => byName[warning.name](warning));
  }

  // Views of every kind on the same bytes, as far as their elements fit.
  const VIEWS = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
  function getArrayBufferViews({ buffer, byteOffset, byteLength }) {
    const views = VIEWS.filter((View) => byteLength % View.BYTES_PER_ELEMENT === 0).map(
      (View) => new View(buffer, byteOffset, byteLength / View.BYTES_PER_ELEMENT)
    );
    return [...views, new DataView(buffer, byteOffset, byteLength)];
  }

  const exports = {
    mustCall,
    mustCallAtLeast: counted(false),
    mustNotCall: (message = 'function should not have been called') =>
      function mustNotCall() {
        assert.fail(message);
      },
    expectsError,
    expectWarning,
    noWarnCode: undefined,
    skip,
    skipIf32Bits: noop,
    skipIfWorker: noop,
    skipIfInspectorDisabled: () => skip('there is no inspector'),
    printSkipMessage: (why) => stage.tell('partly', why),
    disableCrashOnUnhandledRejection: () => stage.tell('rejections', 'allowed'),
    // The texts of the engine are neither of the two that a test may know.
    engineSpecificMessage: (messages) => messages.v8,
    getArrayBufferViews,
    getBufferSources: (buffer) => [...getArrayBufferViews(buffer), new Uint8Array(buffer).buffer],
    busyLoop(milliseconds) {
      const end = Date.now() + milliseconds;
      while (Date.now() < end);
    },
    platformTimeout: (milliseconds) => milliseconds,
    allowGlobals: noop,
    globalCheck: true,
    hasCrypto: true,
    hasFipsCrypto: false,
    hasIntl: true,
    hasIPv6: false,
    isChakraEngine: false,
    isMainThread: true,
    isLinux: true,
    isWindows: false,
    isAIX: false,
    isFreeBSD: false,
    isOpenBSD: false,
    isOSX: false,
    isSunOS: false,
    isWOW64: false,
    enoughTestMem: false,
    enoughTestCpu: true,
    opensslCli: false,
    rootDir: '/',
    buildType: 'Release',
    PORT: 12346,
    localhostIPv4: '127.0.0.1',
  };
  module.exports = exports;
}
