// How the web application is built: into target/ui/files, with a compressed copy beside every file worth it, so that
// the server has nothing to compress while it serves. In development, calls go to a server that runs already.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const output = '../../target/ui/files';
const server = process.env.LAMBKIN_URL ?? 'http://127.0.0.1:8080';

/** Bytes below which a compressed copy saves nothing. */
const worthIt = 1024;

function compressed(): Plugin {
  const visit = (folder: string) => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) {
        visit(path);
        continue;
      }
      const plain = readFileSync(path);
      if (plain.length < worthIt) continue;
      // The highest quality takes ten times as long and is for what everybody loads first.
      const quality = plain.length > 1_000_000 ? 9 : 11;
      const small = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
      if (small.length < plain.length * 0.9) writeFileSync(`${path}.br`, small);
    }
  };
  return { name: 'compressed', apply: 'build', closeBundle: () => visit(output) };
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    outDir: output,
    emptyOutDir: true,
    target: 'es2023',
    // Browsers that know `light-dark()`.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing as a `data:` address: the content security policy allows only our own origin.
    assetsInlineLimit: 0,
    // Monaco and its workers are large and loaded when an editor is opened.
    chunkSizeWarningLimit: 8000,
  },
  worker: { format: 'es' },
  server: {
    // What the application shares with the engine and the documentation stands there.
    fs: { allow: ['.', '../../js-engine', '../../docs'] },
    proxy: Object.fromEntries(
      ['/api', '/sentinel', '/openapi.json', '/docs/api'].map((path) => [path, { target: server }]),
    ),
  },
  test: { include: ['src/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
