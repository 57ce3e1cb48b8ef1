'use strict';
// TLS in front of a server that speaks plain HTTP, as an operator's proxy is. Arguments: certificate, key, the server's
// port. Prints the ports it listens on and ends when its standard input does.
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');

const [certificate, key, port] = process.argv.slice(2);
const identity = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) };

/** Passes a request on; `answer` gets what the server says. */
const pass = (request, answer) => {
  const headers = { ...request.headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': request.socket.remoteAddress };
  const inside = http.request({ host: '127.0.0.1', port, method: request.method, path: request.url, headers }, answer);
  inside.on('error', () => request.socket.destroy());
  request.pipe(inside);
};

const faithful = https.createServer(identity, (request, response) => {
  pass(request, (reply) => {
    response.writeHead(reply.statusCode, reply.headers);
    reply.pipe(response);
  });
});

// Loses the first answer to each request id: the request has been served, and its caller cannot know.
const lost = new Set();
const lossy = https.createServer(identity, (request, response) => {
  const id = request.headers['x-request-id'];
  pass(request, (reply) => {
    if (id !== undefined && !lost.has(id)) {
      lost.add(id);
      reply.resume();
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.statusCode, reply.headers);
    reply.pipe(response);
  });
});

const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

process.stdin.resume().on('end', () => process.exit());
Promise.all([listen(faithful), listen(lossy)]).then(([kept, losing]) => {
  process.stdout.write(`${JSON.stringify({ https: kept, lossy: losing })}\n`);
});
