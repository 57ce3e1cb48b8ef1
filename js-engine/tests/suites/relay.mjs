// Sockets that listen for the servers of a test file in a lambda (servers.js): what arrives on them is told to the lambda,
// and what the lambda says is done to them. Nothing of HTTP is known here. Other programs of the test are run for it, too.
import net from 'node:net';
import tls from 'node:tls';

export class Relay {
  #servers = new Map();
  #sockets = new Map();
  #named = 0;
  #events = [];
  #asking; // gives the events to who asked for the next ones
  #run;

  // `run(file)` is for the test's other programs: what came of one, and its output.
  constructor(run) {
    this.#run = run;
  }

  // What a lambda asked this host for; `answer` is called with a value for it, now or later.
  ask(path, commands, answer) {
    if (path === '/tell') {
      for (const command of commands) this[command.what](command);
      answer(null);
    } else {
      this.#asking = answer;
      this.#give();
    }
  }

  #tell(event) {
    this.#events.push(event);
    this.#give();
  }

  #give() {
    if (this.#asking === undefined || this.#events.length === 0) return;
    this.#asking(this.#events.splice(0));
    this.#asking = undefined;
  }

  listen({ server: id, port, tls: secrets }) {
    // The certificates of old tests are too weak for what OpenSSL asks by itself.
    const server = secrets ? tls.createServer({ ...secrets, ciphers: 'DEFAULT@SECLEVEL=0' }) : net.createServer({ allowHalfOpen: true });
    this.#servers.set(id, server);
    server.on(secrets ? 'secureConnection' : 'connection', (socket) => this.#connected(id, socket));
    server.on('listening', () => this.#tell({ what: 'listening', server: id, address: server.address() }));
    server.on('error', ({ code, message }) => this.#tell({ what: 'refused', server: id, code, message }));
    server.on('close', () => this.#tell({ what: 'closed', server: id }));
    server.listen(port);
  }

  #connected(server, socket) {
    const id = ++this.#named;
    this.#sockets.set(id, { socket, last: Promise.resolve() });
    this.#tell({ what: 'connection', server, socket: id, remotePort: socket.remotePort, encrypted: socket.encrypted });
    socket.on('data', (data) => this.#tell({ what: 'data', socket: id, data: data.toString('base64') }));
    socket.on('end', () => this.#tell({ what: 'end', socket: id }));
    socket.on('error', () => {}); // it closes, which is told
    socket.on('close', () => {
      this.#sockets.delete(id);
      this.#tell({ what: 'gone', socket: id });
    });
  }

  // What a socket is told is done one by one: what a test's server writes apart must arrive apart, however slow the machine is.
  #next(id, action) {
    const known = this.#sockets.get(id);
    if (known !== undefined) known.last = known.last.then(() => action(known.socket));
  }

  write({ socket: id, data }) {
    this.#next(id, (socket) => new Promise((done) => socket.write(Buffer.from(data, 'base64'), () => setTimeout(done, 1))));
  }

  end({ socket: id }) {
    this.#next(id, (socket) => void socket.end());
  }

  destroy({ socket: id }) {
    this.#next(id, (socket) => void socket.destroy());
  }

  close({ server }) {
    this.#servers.get(server)?.close();
  }

  async run({ program, file }) {
    this.#tell({ what: 'ran', program, ...(await this.#run(file)) });
  }

  stop() {
    for (const server of this.#servers.values()) server.close();
    for (const { socket } of this.#sockets.values()) socket.destroy();
  }
}
