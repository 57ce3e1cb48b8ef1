// What packages ask of `tty` and `domain`.
const tty = require('tty'), domain = require('domain');
callback(null, [Object.keys(tty), tty.isatty(0), tty.isatty(1), tty.isatty(99), tty.isatty('x'), tty.isatty(), domain.active, typeof domain.create, typeof tty.ReadStream.prototype.on, tty.WriteStream.prototype instanceof require('stream').Duplex]);
