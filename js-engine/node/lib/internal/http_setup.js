// Why this file exists: brings Node's `http` and `https` onto the connections that there are here, and closes what they
// have for servers: nothing can connect to a lambda. Runs once, when the base image is made.
'use strict';
const Connection = require('internal/http_connection');
const unavailable = require('internal/unavailable');

const REASON = 'nothing can connect to it; lambdas are called through the platform';

for (const name of ['http', 'https']) {
  const module = require(name);
  // Node's own takes (port, host, options), too.
  module.Agent.prototype.createConnection = function createConnection(port, host, options) {
    // What the agent hands over is its own already.
    if (typeof port === 'object' && port !== null && typeof host !== 'string') return new Connection(port, name === 'https');
    const given = [port, host, options].find((one) => typeof one === 'object' && one !== null);
    const all = { ...given };
    if (typeof port !== 'object') all.port = port;
    if (typeof host === 'string') all.host = host;
    return new Connection(all, name === 'https');
  };
  const { prototype } = module.Server;
  module.Server = function Server() {
    throw unavailable(name + '.Server()', REASON);
  };
  module.Server.prototype = prototype;
  module.createServer = function createServer() {
    throw unavailable(name + '.createServer()', REASON);
  };
}
