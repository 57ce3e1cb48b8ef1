const stream = require('stream');
const { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished } = stream;
function lambda(input, callback) {
  const log = [];
  const words = ['alpha', 'beta', 'gamma'];
  const source = new Readable({ read() { this.push(words.length ? words.shift() : null); }, highWaterMark: 4 });
  const upper = new Transform({ transform(chunk, encoding, done) { done(null, chunk.toString().toUpperCase()); }, flush(done) { this.push('!'); done(); } });
  const sink = new Writable({ write(chunk, encoding, done) { log.push(['write', chunk.toString(), encoding]); setImmediate(done); }, final(done) { log.push('final'); done(); } });
  sink.on('pipe', () => log.push('pipe')).on('finish', () => log.push('finish'));
  log.push([stream === stream.Stream, typeof Duplex, source.readableHighWaterMark, sink.writableHighWaterMark, sink.writableLength]);
  pipeline(source, upper, sink, (error) => {
    log.push(['piped', error === undefined]);
    const broken = new PassThrough();
    finished(broken, (reason) => {
      log.push(['finished', reason && reason.message, broken.destroyed]);
      const objects = new Readable({ objectMode: true, read() {} });
      [1, { a: 2 }, 'x'].forEach((item) => objects.push(item));
      objects.push(null);
      (async () => {
        for await (const item of objects) log.push(item);
        log.push(attempt(() => new Readable().push(5)), attempt(() => new Writable({ write() {} }).write(null)), attempt(() => new Writable({ write() {} }).write(5)), attempt(() => new Readable({ highWaterMark: -1 })));
        const late = new Writable({ write(chunk, encoding, done) { done(); } });
        late.on('error', (reason) => { log.push([reason.code, reason.message]); callback(null, log); });
        late.end();
        late.write('late');
      })();
    });
    broken.on('error', () => {});
    broken.destroy(new Error('broken'));
  });
}
