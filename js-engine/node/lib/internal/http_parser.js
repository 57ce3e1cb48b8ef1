// Why this file exists: Node's `http` gives what arrives on a socket to a parser. Here nothing has to be parsed: the host
// has done it, and the connection (internal/http_connection.js) says what arrived.
'use strict';
const { methods } = require('internal/tables');

const kOnHeaders = 0;
const kOnHeadersComplete = 1;
const kOnBody = 2;
const kOnMessageComplete = 3;
const kOnExecute = 4;

class HTTPParser {
  // The bytes are those of a body; a head is `socket.arrivedHead`, and `socket.isComplete` is the end of the answer.
  execute(bytes) {
    const { socket } = this;
    const head = socket.arrivedHead;
    if (head !== undefined) {
      socket.arrivedHead = undefined;
      const { headers, status, statusText, keepsAlive } = head;
      this[kOnHeadersComplete](1, 1, headers, undefined, undefined, status, statusText, false, keepsAlive);
    }
    if (bytes.length > 0) this[kOnBody](bytes, 0, bytes.length);
    if (socket.isComplete && this.socket === socket) this[kOnMessageComplete]();
    return bytes.length;
  }
  finish() {}
  reinitialize() {}
  close() {}
  free() {}
  remove() {}
  pause() {}
  resume() {}
  consume() {}
  unconsume() {}
}
Object.assign(HTTPParser, { REQUEST: 0, RESPONSE: 1, kOnHeaders, kOnHeadersComplete, kOnBody, kOnMessageComplete, kOnExecute });

module.exports = { methods, HTTPParser };
