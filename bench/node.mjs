// Runs a lambda in Node the way `lambkin bench` runs it in Lambkin: text in, text out, N times, in one process that has
// all the time it wants to warm up. Prints `{"p50", "p99"}` in milliseconds.
//
//   node bench/node.mjs LAMBDA.js ENVELOPE.json N

import { readFileSync } from 'node:fs';

const [file, envelope, count] = process.argv.slice(2);
const n = Number(count);
if (!file || !envelope || !Number.isInteger(n) || n < 1) {
  console.error('usage: node bench/node.mjs LAMBDA.js ENVELOPE.json N');
  process.exit(2);
}

const lambda = new Function(`${readFileSync(file, 'utf8')}\nreturn lambda;`)();
const input = readFileSync(envelope, 'utf8');

function once() {
  let text;
  lambda(JSON.parse(input), (error, result) => {
    if (error) throw error;
    text = JSON.stringify(result);
  });
  return text;
}

for (let i = 0; i < Math.min(n, 200); i++) once();

const times = [];
for (let i = 0; i < n; i++) {
  const start = process.hrtime.bigint();
  once();
  times.push(Number(process.hrtime.bigint() - start) / 1e6);
}
times.sort((a, b) => a - b);
const rank = (percent) => times[Math.max(Math.ceil((times.length * percent) / 100) - 1, 0)];
console.log(JSON.stringify({ p50: rank(50), p99: rank(99) }));
