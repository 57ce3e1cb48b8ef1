// The engine's tests: `node js-engine/tests/engine.mjs [part…]` (`make test-engine`), parts being the files below; packages
// (`make packages`) is apart, because it needs what npm installs. Every test works on a copy of one booted engine's memory,
// as the real host does. LAMBKIN_ENGINE names another engine.wasm.
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { DEEP } from './tools.mjs';

const ALL = [
  'compatibility', 'differential', 'fetch', 'freezing', 'golden', 'hostile', 'http', 'json', 'memory', 'request', 'require', 'reuse', 'suites', 'syntax', 'test262',
  'toolbelt', 'unseen', 'web', 'wpt', 'zlib',
];

if (isMainThread) {
  const parts = process.argv.length > 2 ? process.argv.slice(2) : ALL;
  const worker = new Worker(new URL(import.meta.url), { workerData: parts, resourceLimits: DEEP });
  worker.on('exit', (code) => {
    process.exitCode = code;
  });
} else {
  for (const part of workerData) await import(`./${part}.mjs`);
}
