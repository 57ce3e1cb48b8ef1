// Why this file exists: `tty`, which packages ask whether they may colour what they write: nothing here is a terminal.
'use strict';
const { inherits } = require('util');
const { Duplex } = require('stream');
const unavailable = require('internal/unavailable');

const REASON = 'there is no terminal and no input';

exports.isatty = function (fd) {
  return false;
};

// Functions of the old kind: packages inherit from these.
exports.ReadStream = function ReadStream(fd, options) {
  throw unavailable('tty.ReadStream()', REASON);
};
inherits(exports.ReadStream, Duplex);

exports.WriteStream = function WriteStream(fd) {
  throw unavailable('tty.WriteStream()', REASON);
};
inherits(exports.WriteStream, Duplex);
