// Why this file exists: what a file of web-platform-tests finds around it, inside a lambda: the names of a browser's global object that the
// harness itself needs, and a `fetch` for the files of the checkout. Nothing that is under test is replaced: `fetch` of anything else is
// the lambda's own. The runner (run.mjs) invokes it with the scripts, in their order, and reads what the log says.
const ORIGIN = 'http://web-platform.test:8000';
// Entries of the log are the only way out of a lambda that has not answered.
const tell = (what, value) => console.log('\u0001' + what + ' ' + JSON.stringify(value));
const evaluate = eval; // in the global scope, as scripts are
const ownFetch = globalThis.fetch;

// What the suite reads blobs with; neither Node nor a lambda has it, and none of these tests is about it.
class FileReader extends EventTarget {
  #read(reading) {
    reading.then((result) => {
      this.result = result;
      const event = new Event('load');
      this.onload?.call(this, event);
      this.dispatchEvent(event);
    });
  }
  readAsText(blob) {
    this.#read(blob.text());
  }
  readAsArrayBuffer(blob) {
    this.#read(blob.arrayBuffer());
  }
}

function lambda({ payload }, callback) {
  const { path, scripts, files } = payload;
  const base = ORIGIN + '/' + path;
  globalThis.self = globalThis;
  globalThis.FileReader = FileReader;
  globalThis.location = new URL(base);
  globalThis.GLOBAL = { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false };
  globalThis.fetch = (input, options) => {
    if (typeof input !== 'string' || /^(data|blob|about):/.test(input)) return ownFetch(input, options);
    const { origin, pathname } = new URL(input, base);
    if (origin !== ORIGIN) return ownFetch(input, options);
    if (!Object.hasOwn(files, pathname)) {
      tell('file', pathname);
      return Promise.reject(new TypeError('the runner does not have ' + pathname + ' yet'));
    }
    return Promise.resolve(new Response(files[pathname]));
  };
  const [harness, ...rest] = scripts;
  evaluate(harness.source + '\n//# sourceURL=' + harness.name);
  setup({ explicit_timeout: true });
  // A page does not end because only timers that keep nothing alive are left, as those of AbortSignal.timeout: a lambda would.
  let ticks = 0;
  const alive = setInterval(() => {
    if (++ticks === 100) clearInterval(alive);
  }, 20);
  add_completion_callback((tests, status) => {
    clearInterval(alive);
    tell('status', { status: status.status, message: status.message });
    for (const test of tests) tell('test', { name: test.name, status: test.status, message: test.message });
    callback(null, tests.length);
  });
  // As one script: what one declares with `const` the next one sees, as in a page.
  evaluate(';' + rest.map(({ source }) => source).join('\n') + '\n//# sourceURL=' + path);
}
