// The engine's tests: node --stack-size=7000 js-engine/tests/engine.mjs (`make test-engine`). No dependencies; every
// test works on a copy of one booted engine's memory, as the real host does. (The stack size is for Node's own
// WebAssembly stack: the engine throws a RangeError long before its own is exhausted.)
import './golden.mjs';
import './freezing.mjs';
import './hostile.mjs';
import './memory.mjs';
