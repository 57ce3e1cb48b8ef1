// The types behind suggestions: Node 10's modules for every function, those of a package once the code requires it. They
// are loaded beside the editor and never waited for; what could not be loaded is asked for again when it is next needed.
import jsforce from '../../node_modules/.lambda-types/jsforce.json?url';
import jsonwebtoken from '../../node_modules/.lambda-types/jsonwebtoken.json?url';
import lodash from '../../node_modules/.lambda-types/lodash.json?url';
import luxon from '../../node_modules/.lambda-types/luxon.json?url';
import node from '../../node_modules/.lambda-types/node.json?url';
import oauth from '../../node_modules/.lambda-types/oauth-1.0a.json?url';
import request from '../../node_modules/.lambda-types/request.json?url';

/** Where the types of a package are loaded from; `types.mjs` packs them. */
const PACKS: Readonly<Record<string, string>> = {
  jsforce,
  jsonwebtoken,
  lodash,
  luxon,
  'oauth-1.0a': oauth,
  request,
  'request-promise': request,
  'request-promise-native': request,
};

/** The packs that a function needs, Node's own first. */
export function packsFor(code: string): string[] {
  const required = [...code.matchAll(/\brequire\s*\(\s*['"`]([\w.-]+)/g)].map(([, name = '']) => name);
  const packs = required.flatMap((name) => (Object.hasOwn(PACKS, name) ? [PACKS[name] ?? ''] : []));
  return [...new Set([node, ...packs])];
}

const known = new Set<string>();

/** Makes the types of what a function requires known to the editor. */
export async function learnTypes(
  code: string,
  learn: (text: string, path: string) => void,
  load: (address: string) => Promise<Record<string, string>> = loadPack,
): Promise<void> {
  const wanted = packsFor(code).filter((address) => !known.has(address));
  for (const address of wanted) known.add(address);
  await Promise.all(
    wanted.map(async (address) => {
      try {
        const pack = await load(address);
        for (const [path, text] of Object.entries(pack)) learn(text, path);
      } catch {
        known.delete(address);
      }
    }),
  );
}

async function loadPack(address: string): Promise<Record<string, string>> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}
