// Writes the envelope of one of the bench lambdas. No randomness: every run measures the same bytes.
//
//   node bench/payload.mjs hello|fib|json-transform

const orders = Array.from({ length: 400 }, (_, i) => ({
  id: `A-${1000 + i}`,
  customer: `customer-${(i * 7) % 40}`,
  placed: new Date(1.7e12 + i * 6e4).toISOString(),
  items: Array.from({ length: 1 + (i % 5) }, (_, j) => ({
    sku: `sku-${(i * 31 + j * 17) % 997}`,
    quantity: 1 + ((i + j) % 4),
    cents: 99 + ((i * 53 + j * 29) % 5000),
    returned: (i + j) % 11 === 0,
  })),
}));

const payloads = {
  // 1 KiB altogether.
  hello: { name: 'Ada', padding: 'x'.repeat(960) },
  fib: { n: 27 },
  'json-transform': { orders },
};

const payload = payloads[process.argv[2]];
if (payload === undefined) {
  console.error(`error: no payload for \`${process.argv[2]}\``);
  process.exit(2);
}
process.stdout.write(JSON.stringify({ timestamp: 0, headers: [], payload }));
