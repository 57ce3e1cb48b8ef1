// Reads the lines the bench script wrote, one `{"what": …}` each, and prints the figures: one JSON object, then a table
// in Markdown for the README.
//
//   node bench/summary.mjs FILE

import { readFileSync } from 'node:fs';
import { median } from './median.mjs';

const lines = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const of = (what) => lines.filter((line) => line.what === what);
const round = (number, digits = 1) => Number(number.toFixed(digits));

// Rounds alternate, so a ratio is taken within each round and the median of the ratios is what counts.
const bare = of('bare');
const served = of('lambkin');
const http = {
  rounds: bare.length,
  bare: round(median(bare.map((r) => r.perSecond)), 0),
  lambkin: round(median(served.map((r) => r.perSecond)), 0),
  ratio: round(median(served.map((r, i) => r.perSecond / bare[i].perSecond)), 3),
  p50: { bare: round(median(bare.map((r) => r.p50))), lambkin: round(median(served.map((r) => r.p50))) },
  p99: { bare: round(median(bare.map((r) => r.p99))), lambkin: round(median(served.map((r) => r.p99))) },
  errors: [...bare, ...served].reduce((sum, r) => sum + r.errors, 0),
};

const against = (name) => {
  const lambkin = of(`lambkin ${name}`).map((r) => r.run.p50 / 1000);
  const node = of(`node ${name}`).map((r) => r.p50);
  return {
    rounds: node.length,
    lambkin: round(median(lambkin), 3),
    node: round(median(node), 3),
    ratio: round(median(lambkin.map((time, i) => time / node[i])), 2),
  };
};
const fib = against('fib');
const json = against('json-transform');

// The cost of metering, from the same rounds.
const unmetered = (name) => {
  const with_ = of(`lambkin ${name}`).map((r) => r.run.p50);
  const without = of(`unmetered ${name}`).map((r) => r.run.p50);
  return round(median(with_.map((time, i) => time / without[i] - 1)) * 100);
};

const hello = of('lambkin hello');
const step = (name, percentile) => round(median(hello.map((r) => r[name][percentile])), 2);
const steps = Object.fromEntries(['thaw', 'run', 'drop', 'whole'].map((s) => [s, { p50: step(s, 'p50'), p99: step(s, 'p99') }]));
const { fuel, peakMemory, dirtyPages, faultsPerCall } = hello.at(-1);

const { what: _, ...scale } = of('scale').at(-1);
const { startUp, deploy, many } = scale;

console.log(JSON.stringify({
  hello: { ...steps, fuel, peakMemory, dirtyPages, faultsPerCall },
  http,
  node: { fib, json },
  fuelCostPercent: { fib: unmetered('fib'), json: unmetered('json-transform') },
  scale,
}));

console.log(`
| what | figure |
|---|---|
| thaw, p50 / p99 | ${steps.thaw.p50} / ${steps.thaw.p99} us |
| run hello with 1 KiB of input, p50 / p99 | ${steps.run.p50} / ${steps.run.p99} us |
| drop, p50 / p99 | ${steps.drop.p50} / ${steps.drop.p99} us |
| the whole invocation, p50 / p99 | ${steps.whole.p50} / ${steps.whole.p99} us |
| pages changed, minor faults per invocation | ${dirtyPages}, ${faultsPerCall} |
| fuel and largest memory of hello | ${fuel}, ${(peakMemory / 2 ** 20).toFixed(1)} MiB |
| HTTP invocations per second (a bare axum route: ${http.bare}) | ${http.lambkin}, ${(http.ratio * 100).toFixed(0)} % of it |
| HTTP latency p50 / p99 (bare: ${http.p50.bare} / ${http.p99.bare} us) | ${http.p50.lambkin} / ${http.p99.lambkin} us |
| fib(27) (Node: ${fib.node} ms) | ${fib.lambkin} ms, ${fib.ratio} x |
| 100 kB JSON transform (Node: ${json.node} ms) | ${json.lambkin} ms, ${json.ratio} x |
| cost of metering on fib / JSON | ${unmetered('fib')} % / ${unmetered('json-transform')} % |
| start-up of an empty server, engine in the cache / to be compiled | ${startUp.warm} / ${startUp.cold} ms |
| memory of an idle server, RSS / PSS | ${startUp.idle.rss} / ${startUp.idle.pss} MiB |
| deploy hello, API call to \`Productive\`, p50 / p99 of ${deploy.time.calls} | ${deploy.time.p50} / ${deploy.time.p99} ms |
| image of hello on disk | ${deploy.imageBytes} bytes |
| RSS while ${scale.lambdas} lambdas are deployed, before / after / growth | ${many.before.rss} / ${many.deployed.rss} / ${many.growth.rss} MiB |
| start-up with ${scale.lambdas} deployed, RSS then | ${many.startUp} ms, ${many.restarted.rss} MiB |
| first call of a lambda after that, at the client, p50 / p99 of ${many.firstCall.calls} | ${many.firstCall.p50} / ${many.firstCall.p99} ms |
| RSS / PSS after one call of each of the ${scale.lambdas} | ${many.called.rss} / ${many.called.pss} MiB |`);

if (http.errors > 0) {
  console.error(`error: ${http.errors} requests failed; the figures above are not to be used`);
  process.exit(1);
}
