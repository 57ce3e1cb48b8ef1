// A lambda as people write them: parses a feed of orders, prices them with a slow "service", retries what fails and
// reports by customer. Classes, closures, generators, promises, timers, regular expressions, dates, maps.
'use strict';

const LINE = /^(?<id>[A-Z]{2}-\d{4})\s*;\s*(?<customer>[^;]+?)\s*;\s*(?<when>\d{4}-\d{2}-\d{2})\s*;\s*(?<items>.+)$/u;
const ITEM = /(?<sku>[a-z]+(?:-[a-z]+)*)\s*x\s*(?<count>\d+)/gi;
const PRICES = new Map([
  ['tea', 3.5],
  ['coffee', 4.25],
  ['green-tea', 4],
  ['cake', 5.1],
]);

class ParseError extends Error {
  constructor(line, number) {
    super(`line ${number} is no order: ${JSON.stringify(line)}`);
    this.name = 'ParseError';
    this.number = number;
  }
}

class Order {
  #items = [];

  constructor({ id, customer, when }) {
    this.id = id;
    this.customer = customer;
    this.when = new Date(`${when}T00:00:00Z`);
  }

  add(sku, count) {
    this.#items.push({ sku: sku.toLowerCase(), count });
    return this;
  }

  *[Symbol.iterator]() {
    yield* this.#items;
  }

  get size() {
    return this.#items.reduce((sum, { count }) => sum + count, 0);
  }

  static parse(line, number) {
    const match = LINE.exec(line);
    if (!match) throw new ParseError(line, number);
    const order = new Order(match.groups);
    for (const { groups } of match.groups.items.matchAll(ITEM)) order.add(groups.sku, Number(groups.count));
    return order;
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Fails the first time it is asked for anything with a hyphen.
class PriceService {
  #asked = new Set();

  async price(sku) {
    await sleep(1);
    if (sku.includes('-') && !this.#asked.has(sku)) {
      this.#asked.add(sku);
      throw new Error(`the price of ${sku} is not known yet`);
    }
    return PRICES.get(sku) ?? null;
  }
}

async function retry(times, action) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      console.warn(`attempt ${attempt} failed`, error.message);
      if (attempt >= times) throw error;
      await sleep(2 ** attempt);
    }
  }
}

async function total(order, service) {
  const priced = await Promise.all(
    [...order].map(async ({ sku, count }) => {
      const price = await retry(3, () => service.price(sku));
      if (price === null) console.error('unknown article', { sku, order: order.id });
      return (price ?? 0) * count;
    }),
  );
  return priced.reduce((sum, value) => sum + value, 0);
}

const euros = (value) => value.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

async function lambda(input, callback) {
  const { feed, since } = input.payload;
  const service = new PriceService();
  const report = new Map();
  const rejected = [];

  for (const [index, line] of feed.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    try {
      const order = Order.parse(line, index + 1);
      if (order.when < new Date(since)) continue;
      const entry = report.get(order.customer) ?? { orders: [], items: 0, total: 0 };
      entry.orders.push(order.id);
      entry.items += order.size;
      entry.total += await total(order, service);
      report.set(order.customer, entry);
    } catch (error) {
      if (!(error instanceof ParseError)) return callback(error);
      rejected.push(error.number);
      console.info(error.message);
    }
  }

  const customers = Array.from(report, ([name, { orders, items, total: sum }]) => ({ name, orders, items, total: euros(sum) }));
  customers.sort((a, b) => a.name.localeCompare(b.name));
  callback(null, { customers, rejected });
}
