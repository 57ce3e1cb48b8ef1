// Measures what one GET by request-promise costs the lambda that makes it: the time in which it executed and the Wasm
// instructions it used, as the server records them of every invocation, and not what it waited for the answer.
//
// Invocations that make one call and many alternate: the first call of an invocation is one call less none, a later
// one the difference of the rest.

import { createServer } from 'node:http';
import { median } from './median.mjs';

const LATER = 10;
const CALLS = [0, 1, 1 + LATER];
const PAUSE = 50;

const source = (port) => `const rp = require('request-promise');
async function lambda(input, callback) {
  let last = null;
  for (let i = 0; i < input.payload; i++) last = await rp({ json: true, uri: 'http://localhost:${port}/' });
  callback(null, last);
}`;

// `deploy(name, source)` -> UUID; `call(uuid, payload)`; `records(uuid, limit)`: what the server recorded, the newest first.
// Milliseconds and instructions of a `first` and of a `later` GET, in the round that was disturbed least.
export async function requests({ deploy, call, records, rounds, perRound }) {
  const upstream = createServer((_, answer) => {
    answer.setHeader('content-type', 'application/json').end('{"name":"Ada","list":[1,2,3]}');
  });
  await new Promise((done) => upstream.listen(0, '127.0.0.1', done));
  try {
    const uuid = await deploy('requests', source(upstream.address().port));
    const times = { first: [], later: [] };
    let fuel;
    for (let round = 0; round < rounds; round++) {
      const kinds = CALLS.map(() => []);
      for (let i = 0; i < perRound; i++) {
        for (const calls of CALLS) await call(uuid, calls);
      }
      for (const record of await all(records, uuid, (round + 1) * perRound * CALLS.length, perRound * CALLS.length)) {
        kinds[CALLS.indexOf(record.outboundCalls)].push(record);
      }
      const [none, one, many] = kinds.map((kind) => median(kind.map(({ cpuUs }) => cpuUs)) / 1000);
      times.first.push(one - none);
      times.later.push((many - one) / LATER);
      const used = kinds.map((kind) => median(kind.map((record) => record.fuel)));
      fuel = { first: used[1] - used[0], later: (used[2] - used[1]) / LATER };
    }
    return { fuel, times: { first: Math.min(...times.first), later: Math.min(...times.later) } };
  } finally {
    upstream.close();
    upstream.closeAllConnections();
  }
}

// An invocation is recorded after its answer: waits until `total` are, and gives the newest `count`.
async function all(records, uuid, total, count) {
  for (let tries = 0; tries < 200; tries++) {
    const found = await records(uuid, total);
    if (found.length === total) return found.slice(0, count);
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  throw new Error(`not all of ${total} invocations were recorded`);
}
