// A lambda of the size people write: classes, regular expressions, timers, promises, errors of its own.
'use strict';

const ORDER_ID = /^(?<series>[A-Z])-(?<number>\d+)$/u;
const LINE = /^\s*(\d+)\s*x\s*(\p{Letter}+)\s*@\s*(\d+(?:\.\d{1,2})?)\s*$/u;
const ATTEMPTS = 3;

class OrderError extends Error {
  constructor(message, order) {
    super(message);
    this.name = 'OrderError';
    this.order = order;
  }
}

class Money {
  #cents;

  constructor(cents) {
    this.#cents = cents;
  }

  static parse(text) {
    const [whole, fraction = ''] = text.split('.');
    return new Money(Number(whole) * 100 + Number(fraction.padEnd(2, '0') || 0));
  }

  times(factor) {
    return new Money(this.#cents * factor);
  }

  plus(other) {
    return new Money(this.#cents + other.#cents);
  }

  toJSON() {
    return this.#cents / 100;
  }
}

class Ledger {
  constructor() {
    this.byArticle = new Map();
    this.total = new Money(0);
  }

  add(article, amount) {
    const before = this.byArticle.get(article) ?? new Money(0);
    this.byArticle.set(article, before.plus(amount));
    this.total = this.total.plus(amount);
  }

  *[Symbol.iterator]() {
    const articles = [...this.byArticle.keys()].sort((a, b) => a.localeCompare(b));
    for (const article of articles) {
      yield [article, this.byArticle.get(article)];
    }
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Fails the first time it is asked for an order, as services do.
function unreliableStock() {
  const asked = new Set();
  return async (id) => {
    await pause(2);
    if (!asked.has(id)) {
      asked.add(id);
      throw new Error(`stock of ${id} is busy`);
    }
    return { id, inStock: true };
  };
}

async function retry(what, attempts = ATTEMPTS) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await what();
    } catch (error) {
      if (attempt === attempts) throw error;
      console.debug('again', { attempt, reason: error.message });
      await pause(attempt);
    }
  }
}

function parseLine(line) {
  const match = LINE.exec(line);
  if (!match) {
    console.warn('a line was left out', { line });
    return null;
  }
  const [, count, article, price] = match;
  return { article, amount: Money.parse(price).times(Number(count)) };
}

async function accept(order, ledger, stock) {
  const named = ORDER_ID.exec(order?.id ?? '');
  if (!named) {
    throw new OrderError(`order ${order?.id} is not named like A-1`, order);
  }
  const { inStock } = await retry(() => stock(order.id));
  if (!inStock) {
    throw new OrderError(`order ${order.id} is not in stock`, order);
  }
  for (const { article, amount } of order.lines.map(parseLine).filter(Boolean)) {
    ledger.add(article, amount);
  }
  return `${named.groups.series}-${named.groups.number}`;
}

async function lambda(input, callback) {
  const { orders = [] } = input.payload ?? {};
  const ledger = new Ledger();
  const stock = unreliableStock();
  const outcomes = await Promise.allSettled(orders.map((order) => accept(order, ledger, stock)));
  const accepted = outcomes.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  const rejected = outcomes
    .filter(({ status }) => status === 'rejected')
    .map(({ reason }) => {
      console.error('an order was rejected', reason);
      return { id: reason.order?.id, reason: reason.message };
    });
  console.info(`${accepted.length} of ${orders.length} orders accepted`);
  callback(null, {
    accepted,
    rejected,
    total: ledger.total,
    byArticle: Object.fromEntries(ledger),
  });
}
