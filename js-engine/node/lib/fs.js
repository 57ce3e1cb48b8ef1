// Why this file exists: a lambda has no files. `fs` is there because packages mention it; reading finds nothing, writing
// is refused, with the codes Node has for that, so that code which handles a missing file goes on.
'use strict';
const { constants } = require('internal/tables');
const { uvException } = require('internal/errors');

const ENOENT = -2;
const EROFS = -30;
const REASONS = { [ENOENT]: 'ENOENT', [EROFS]: 'EROFS' };
const TEXTS = { [ENOENT]: 'no such file or directory', [EROFS]: 'read-only file system' };

const fail = (errno, syscall, path) => {
  const error = uvException({ errno, code: REASONS[errno], message: TEXTS[errno], syscall, path: String(path) });
  error.errno = errno;
  return error;
};

// name -> [what the kernel would be asked, the answer]
const CALLS = {
  access: ['access', ENOENT],
  appendFile: ['open', EROFS],
  chmod: ['chmod', ENOENT],
  chown: ['chown', ENOENT],
  copyFile: ['copyfile', ENOENT],
  lstat: ['lstat', ENOENT],
  mkdir: ['mkdir', EROFS],
  mkdtemp: ['mkdtemp', EROFS],
  open: ['open', ENOENT],
  readFile: ['open', ENOENT],
  readdir: ['scandir', ENOENT],
  readlink: ['readlink', ENOENT],
  realpath: ['lstat', ENOENT],
  rename: ['rename', ENOENT],
  rmdir: ['rmdir', ENOENT],
  stat: ['stat', ENOENT],
  truncate: ['open', ENOENT],
  unlink: ['unlink', ENOENT],
  utimes: ['utime', ENOENT],
  writeFile: ['open', EROFS],
};

exports.constants = constants.fs;
for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK']) exports[name] = constants.fs[name];
exports.promises = {};
for (const [name, [syscall, errno]] of Object.entries(CALLS)) {
  exports[name] = {
    [name](path, ...rest) {
      const callback = rest[rest.length - 1];
      if (typeof callback !== 'function') {
        const { ERR_INVALID_CALLBACK } = require('internal/errors').codes;
        throw new ERR_INVALID_CALLBACK();
      }
      process.nextTick(callback, fail(errno, syscall, path));
    },
  }[name];
  exports[name + 'Sync'] = {
    [name + 'Sync'](path) {
      throw fail(errno, syscall, path);
    },
  }[name + 'Sync'];
  exports.promises[name] = async (path) => {
    throw fail(errno, syscall, path);
  };
}
exports.exists = function exists(path, callback) {
  process.nextTick(callback, false);
};
exports.existsSync = function existsSync() {
  return false;
};
exports.closeSync = exports.readSync = exports.writeSync = function (fd) {
  throw fail(-9, 'close', fd);
};
const stream = (name, syscall, errno) =>
  function (path) {
    const { [name]: Stream } = require('stream');
    const made = new Stream({ read() {}, write(chunk, encoding, callback) { callback(); } });
    made.path = path;
    process.nextTick(() => made.destroy(fail(errno, syscall, path)));
    return made;
  };
exports.createReadStream = stream('Readable', 'open', ENOENT);
exports.createWriteStream = stream('Writable', 'open', EROFS);
REASONS[-9] = 'EBADF';
TEXTS[-9] = 'bad file descriptor';
