'use strict';
// Loaded before a published client: every name leads to this machine, the web's two ports to those of the server
// under test. The client itself stays as it was published.
const dns = require('node:dns');
const net = require('node:net');

const ports = new Map([
  [80, Number(process.env.LAMBKIN_HTTP_PORT)],
  [443, Number(process.env.LAMBKIN_HTTPS_PORT)],
]);
// A script may lead its later connections elsewhere.
globalThis.lambkinPorts = ports;

const address = { address: '127.0.0.1', family: 4 };
dns.lookup = (name, options, callback) => {
  const done = typeof options === 'function' ? options : callback;
  process.nextTick(() => {
    if (typeof options === 'object' && options.all) done(null, [address]);
    else done(null, address.address, address.family);
  });
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function connectHere(...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (options !== null && typeof options === 'object' && ports.has(Number(options.port))) {
    options.port = ports.get(Number(options.port));
  }
  return connect.apply(this, given);
};
