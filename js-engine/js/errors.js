// Why this file exists: stacks as Node developers know them. QuickJS leaves out the "Name: message" headline, counts
// the wrapper of the lambda's source in the columns of line 1, and shows the engine's own frames.
(function errors(engine) {
  'use strict';
  const { natives } = engine;
  const { apply, arrayPush, defineProperty, getPrototypeOf, stringStartsWith, uncurry, Error, String } =
    engine.primordials;

  // The prototype of QuickJS' call sites can only be had from a stack.
  Error.prepareStackTrace = (_, sites) => sites;
  const callSite = getPrototypeOf(new Error().stack[0]);
  const fileName = uncurry(callSite.getFileName);
  const functionName = uncurry(callSite.getFunctionName);
  const lineNumber = uncurry(callSite.getLineNumber);
  const columnNumber = uncurry(callSite.getColumnNumber);

  // The engine's own frame, or a built-in function it called a lambda through.
  const isOurs = (sites, at) => {
    const file = fileName(sites[at]);
    if (file === null) return at + 1 < sites.length && isOurs(sites, at + 1);
    return stringStartsWith(file, 'lambkin:');
  };

  const headline = (error) => {
    try {
      const name = error.name === undefined ? 'Error' : String(error.name);
      const message = error.message === undefined ? '' : String(error.message);
      return name === '' ? message : message === '' ? name : name + ': ' + message;
    } catch {
      return 'Error';
    }
  };

  // QuickJS has no column for some operations and says 1 then; that is in front of the wrapper's end, too.
  const columnOf = (site, file, line) => {
    const column = columnNumber(site);
    if (line !== 1 || file !== natives.sourceName) return column;
    const shift = natives.columnShift();
    return column > shift ? column - shift : 1;
  };

  const format = (error, sites) => {
    let text = headline(error);
    for (let i = 0; i < sites.length; i++) {
      if (isOurs(sites, i)) continue;
      const site = sites[i];
      const file = fileName(site);
      const name = functionName(site) ?? '<anonymous>';
      if (file === null) {
        text += '\n    at ' + name + ' (native)';
      } else {
        const line = lineNumber(site);
        text += '\n    at ' + name + ' (' + file + ':' + line + ':' + columnOf(site, file, line) + ')';
      }
    }
    return text;
  };

  // A lambda's own `Error.prepareStackTrace` gets the call sites as in V8, without the engine's.
  let userHook;
  natives.formatStacksWith((error, sites) => {
    if (typeof userHook !== 'function') return format(error, sites);
    const visible = [];
    for (let i = 0; i < sites.length; i++) {
      if (!isOurs(sites, i)) arrayPush(visible, sites[i]);
    }
    try {
      return apply(userHook, Error, [error, visible]);
    } catch {
      return format(error, sites);
    }
  });
  defineProperty(Error, 'prepareStackTrace', {
    get: () => userHook,
    set: (hook) => {
      userHook = hook;
    },
    enumerable: false,
    configurable: true,
  });

  // What V8's call sites have and QuickJS' do not; packages such as `depd` call these while they load.
  const answer = (name, value) =>
    defineProperty(callSite, name, { value: { [name]: () => value }[name], writable: true, configurable: true });
  answer('isEval', false);
  answer('isConstructor', false);
  answer('isToplevel', true);
  answer('isAsync', false);
  answer('isPromiseAll', false);
  answer('getEvalOrigin', undefined);
  answer('getThis', undefined);
  answer('getTypeName', null);
  answer('getMethodName', null);
  answer('getPromiseIndex', null);

  engine.headline = headline;
  engine.formatStack = format;
})
