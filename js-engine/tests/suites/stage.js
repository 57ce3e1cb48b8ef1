// Why this file exists: what a test file finds around it, inside a lambda. The runner (judge.mjs) makes a
// lambda of this file and expectations.js and invokes it twice: with the test and the files it reads, which returns when nothing is left to
// run, and with {exit: true}, which is when Node would end the process and its tests look at what has happened. It never answers.
// What is here stands for the process a test runs in; nothing of the modules under test is replaced.
const path = require('path');
const EventEmitter = require('events');
const util = require('util');

const ROOT = '/node';
const COMMON = ROOT + '/test/common/index.js';
const TEMPORARY = ROOT + '/test/common/tmpdir';
let files; // path below ROOT -> base64
let aliases; // path or name -> what it means: a path, or a module of the platform
let mains; // folder of a package -> its main file
const cache = { __proto__: null };

class Exit extends Error {}

// Tells the runner; entries of a log are the only way out of a lambda that has not answered.
const tell = (what, value) => console.log(`\u0001${what} ${value}`);

function contentOf(file) {
  const name = file.slice(ROOT.length + 1);
  if (Object.hasOwn(files, name)) return Buffer.from(files[name], 'base64');
  tell('file', name);
  return undefined;
}

// Node warns when the current callback is over; `warning` is emitted whether or not it is written somewhere.
process.emitWarning = function emitWarning(warning, type, code, above) {
  let detail = '';
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) {
    above = type.ctor;
    code = type.code;
    if (typeof type.detail === 'string') ({ detail } = type);
    type = type.type || 'Warning';
  } else if (typeof type === 'function') {
    above = type;
    code = undefined;
    type = 'Warning';
  }
  if (typeof code === 'function') {
    above = code;
    code = undefined;
  }
  if (typeof warning === 'string') {
    const text = warning;
    warning = new Error(text);
    warning.name = String(type || 'Warning');
    if (code !== undefined) warning.code = code;
    if (detail !== '') warning.detail = detail;
    Error.captureStackTrace(warning, above || process.emitWarning);
  }
  if (warning.name === 'DeprecationWarning' && process.noDeprecation) return;
  process.nextTick(() => process.emit('warning', warning));
};

process.exit = function exit(code) {
  if (code !== undefined) process.exitCode = code;
  finish();
  throw new Exit('process.exit()');
};
process.argv = ['/usr/bin/node', ''];
process.config = { target_defaults: { default_configuration: 'Release' }, variables: {} };
process.stdin = new EventEmitter();
// Some tests read the clock of the timers this way: milliseconds since the start.
const START = Date.now();
const { binding } = process;
const BINDINGS = {
  __proto__: null,
  timer_wrap: { Timer: { now: () => Date.now() - START + 1 } },
  // Asked only whether it is there.
  crypto: { scrypt: require('crypto').scrypt },
};
process.binding = (name) => BINDINGS[name] ?? binding(name);
// What some tests take from inside Node although it is public under another name.
const INSIDE = { __proto__: null, 'internal/util': { customInspectSymbol: util.inspect.custom } };

// What a process does at its end, and what came of it.
let isOver = false;
function finish() {
  if (isOver) return;
  isOver = true;
  try {
    process.emit('exit', process.exitCode || 0);
    tell('exit', process.exitCode || 0);
  } catch (error) {
    tell('exit', `with ${error.stack || error}`);
  }
}

// The files a test was given, in front of the lambda's own `fs`, which has none.
function fsFor() {
  const real = require('fs');
  const given = (name, options) => {
    if (typeof name !== 'string' || !name.startsWith(ROOT)) return undefined;
    const content = contentOf(path.normalize(name));
    const encoding = typeof options === 'string' ? options : options && options.encoding;
    return content && encoding ? content.toString(encoding) : content;
  };
  const size = (name) => {
    const content = given(name);
    return content && { size: content.length, isFile: () => true, isDirectory: () => false };
  };
  // Packages that are given such a file read it with the `fs` they have.
  const { stat, createReadStream: open } = real;
  real.stat = (name, ...rest) => {
    const found = size(name);
    if (found === undefined) stat(name, ...rest);
    else setImmediate(rest[rest.length - 1], null, found);
  };
  const createReadStream = (name, options) => {
    const content = given(name);
    if (content === undefined) return open(name, options);
    const { Readable } = require('stream');
    let at = 0;
    const stream = new Readable({
      ...(typeof options === 'string' ? { encoding: options } : options),
      read(size) {
        setImmediate(() => {
          this.push(at < content.length ? content.slice(at, (at += Math.min(size, 65536))) : null);
        });
      },
    });
    Object.assign(stream, { path: name, fd: null, mode: 0o666 });
    setImmediate(() => stream.emit('open', 3));
    return stream.on('end', () => stream.destroy());
  };
  real.createReadStream = createReadStream;
  return {
    ...real,
    statSync: (name) => size(name) ?? real.statSync(name),
    readFileSync: (name, options) => given(name, options) ?? real.readFileSync(name, options),
    readFile(name, options, done = options) {
      const content = given(name, options);
      if (content === undefined) real.readFile(name, options, done);
      else setImmediate(done, null, content);
    },
    createReadStream,
    createWriteStream(name) {
      const { Writable } = require('stream');
      const parts = [];
      const stream = new Writable({
        write(chunk, encoding, done) {
          parts.push(chunk);
          setImmediate(done);
        },
        final(done) {
          files[path.normalize(name).slice(ROOT.length + 1)] = Buffer.concat(parts).toString('base64');
          setImmediate(done);
        },
      });
      return stream.on('finish', () => stream.destroy());
    },
    unlinkSync(name) {
      if (given(name) === undefined) real.unlinkSync(name);
      delete files[path.normalize(name).slice(ROOT.length + 1)];
    },
    existsSync: (name) => given(name) !== undefined || real.existsSync(name),
  };
}

// As Node looks for a package: beside the file, and in every folder above it.
function packageFor(folder, name) {
  for (let at = folder; at.startsWith(ROOT); at = path.dirname(at)) {
    const found = `${at}/node_modules/${name}`;
    if (Object.hasOwn(mains, found)) return mains[found];
  }
  return undefined;
}

let fs;
function requireFrom(folder, parent) {
  const localRequire = (id) => {
    if (id === 'fs') return (fs ??= fsFor());
    if (id in INSIDE) return INSIDE[id];
    const wanted = /^(\.{0,2}\/|\.{1,2}$)/.test(id) ? path.resolve(folder, id) : id;
    const meant = Object.hasOwn(aliases, wanted) ? aliases[wanted] : (packageFor(folder, wanted) ?? wanted);
    // The platform's own, as its packages have them.
    if (meant.startsWith('/node_modules/')) return require.cache[meant].exports;
    return meant.startsWith('/') ? load(meant) : require(meant);
  };
  localRequire.resolve = (id) => (/^(\.{0,2}\/|\.{1,2}$)/.test(id) ? path.resolve(folder, id) : require.resolve(id));
  localRequire.cache = cache;
  localRequire.main = parent;
  return localRequire;
}

function load(wanted) {
  if (wanted === TEMPORARY) return { path: ROOT + '/test/.tmp', refresh() {} };
  const known = [wanted, `${wanted}.js`, `${wanted}.json`, `${wanted}/index.js`].filter(
    (file) => file in cache || file === COMMON || Object.hasOwn(files, file.slice(ROOT.length + 1))
  );
  const file = known[0];
  if (file === undefined) {
    tell('file', wanted.slice(ROOT.length + 1));
    const error = new Error(`Cannot find module '${wanted}'`);
    error.code = 'MODULE_NOT_FOUND';
    throw error;
  }
  if (file in cache) return cache[file].exports;
  const module = { id: file, filename: file, exports: {}, loaded: false, children: [], paths: [], parent: null };
  cache[file] = module;
  const folder = path.dirname(file);
  if (file === COMMON) {
    common(module, requireFrom(folder, module), { tell, Exit });
  } else {
    const text = contentOf(file).toString();
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(text);
    } else {
      const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
      const evaluate = new Function(...parameters, `${text.replace(/^#!.*/, '')}\n//# sourceURL=${file}`);
      const localRequire = requireFrom(folder, module);
      evaluate.call(module.exports, module.exports, localRequire, module, file, folder);
    }
  }
  module.loaded = true;
  return module.exports;
}

function lambda({ payload }) {
  if (payload.exit) {
    finish();
    return;
  }
  files = payload.files;
  aliases = payload.aliases;
  mains = payload.mains;
  const file = `${ROOT}/${payload.file}`;
  process.argv[1] = file;
  process.execArgv = payload.flags;
  try {
    load(file);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  }
}
