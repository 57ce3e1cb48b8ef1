// The engine's tests: `node js-engine/tests/engine.mjs [part…]` (`make test-engine`), parts being compatibility,
// differential, fetch, freezing, golden, hostile, http, json, memory, node (against Node 10), node10, node20, request, suites (tests in
// npm packages), syntax, test262 (the
// runner of `make test262`), toolbelt and zlib; packages (`make packages`) is apart, because it needs what npm installs.
// The others have no dependencies. Every test works on a copy of one booted engine's memory, as the real host does.
//
// They run in a worker because Node's own stack, on which its WebAssembly runs, is too small for the deepest recursion
// the engine allows; LAMBKIN_ENGINE names another engine.wasm.
import { Worker, isMainThread, workerData } from 'node:worker_threads';

if (isMainThread) {
  const all = ['compatibility', 'differential', 'fetch', 'freezing', 'golden', 'hostile', 'http', 'json', 'memory', 'node', 'node10', 'node20', 'request', 'suites', 'syntax', 'test262', 'toolbelt', 'zlib'];
  const parts = process.argv.length > 2 ? process.argv.slice(2) : all;
  const worker = new Worker(new URL(import.meta.url), { workerData: parts, resourceLimits: { stackSizeMb: 48 } });
  worker.on('exit', (code) => {
    process.exitCode = code;
  });
} else {
  for (const part of workerData) await import(`./${part}.mjs`);
}
