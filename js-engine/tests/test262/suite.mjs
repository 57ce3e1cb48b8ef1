// Where the suite is: it is not part of this repository, so a checkout has to be named. `node suite.mjs` only looks, before
// `make test262` builds anything.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const REPOSITORY = 'https://github.com/tc39/test262';

export function stop(message) {
  console.error(message);
  process.exit(2);
}

// The folder of the checkout; says so when it is not the commit the expectations are about.
export function suite(commit) {
  const root = process.env.TEST262;
  if (!root || !existsSync(`${root}/harness/assert.js`)) {
    stop(
      `${root ? `TEST262=${root} is no checkout of test262` : 'TEST262 is not set'}: the suite is not part of this repository. Get it and name it:
  git clone ${REPOSITORY} && git -C test262 checkout ${commit}
  make test262 TEST262=$PWD/test262`,
    );
  }
  const actual = commitOf(root);
  if (actual === undefined) console.log(`${root} does not say its commit; the expectations are about ${commit}`);
  else if (actual !== commit) console.log(`${root} is at ${actual}; the expectations are about ${commit}`);
  return root;
}

function commitOf(root) {
  if (!existsSync(`${root}/.git`)) return undefined;
  try {
    return execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  suite(JSON.parse(readFileSync(new URL('expectations.json', import.meta.url), 'utf8')).commit);
}
