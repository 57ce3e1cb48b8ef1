'use strict';
// A lambda as people write them: looks an order up, retries, and words the answer.
const { Toolbelt } = require('lp-faas-toolbelt');
const _ = require('lodash');
const { DateTime } = require('luxon');
const crypto = require('node:crypto');

const BASE = process.env.SHOP_URL || 'https://shop.example.com';
const ORDER = /^(?<prefix>[A-Z]{2})-(?<number>\d{4,10})$/u;

class ShopError extends Error {
  #status;
  constructor(message, status) {
    super(message);
    this.name = 'ShopError';
    this.#status = status;
  }
  get retriable() {
    return this.#status === 429 || this.#status >= 500;
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function retry(times, work) {
  let wait = 100;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof ShopError) || !error.retriable || attempt >= times) throw error;
      console.warn(`attempt ${attempt} failed`, error.message, { wait });
      await sleep(wait);
      wait *= 2;
    }
  }
}

function parse(text) {
  const match = ORDER.exec(String(text ?? '').trim().toUpperCase());
  if (!match) return undefined;
  const { prefix, number } = match.groups;
  return { prefix, number: Number(number), id: `${prefix}-${number}` };
}

function sign(path, key) {
  const stamp = Math.floor(Date.now() / 1000);
  const digest = crypto.createHmac('sha256', key).update(`${stamp}:${path}`).digest('hex');
  return `t=${stamp},v1=${digest}`;
}

async function fetchOrder(order) {
  const { value: key } = await Toolbelt.SecretClient().readSecret('shop-key');
  const path = `/orders/${encodeURIComponent(order.id)}`;
  const response = await Toolbelt.HTTPClient()({
    url: BASE + path,
    headers: { 'X-Signature': sign(path, key) },
    json: true,
    simple: false,
    resolveWithFullResponse: true,
  });
  switch (response.statusCode) {
    case 200:
      return response.body;
    case 404:
      return null;
    default:
      throw new ShopError(`the shop answered ${response.statusCode}`, response.statusCode);
  }
}

const describe = (order) => {
  const due = DateTime.fromISO(order.due);
  const days = Math.ceil(due.diffNow('days').days);
  const items = _.sumBy(order.lines, 'quantity');
  const state = days > 0 ? `arrives in ${days} day${days === 1 ? '' : 's'}` : 'should have arrived';
  return `Your order of ${items} item${items === 1 ? '' : 's'} ${state}.`;
};

function* messages(text) {
  yield { type: 'systemMessage', text };
  if (/should have/.test(text)) yield { type: 'transfer', skillId: process.env.SKILL };
}

const cache = new Map();

function lambda(input, callback) {
  const order = parse(input?.payload?.order);
  if (!order) {
    callback(null, [...messages('That does not look like an order number.')]);
    return;
  }
  const known = cache.get(order.id);
  const found = known ? Promise.resolve(known) : retry(3, () => fetchOrder(order));
  found
    .then((answer) => {
      if (!answer) return callback(null, [...messages('There is no such order.')]);
      cache.set(order.id, answer);
      console.info('order found', { id: order.id, half: answer.lines.length / 2 });
      return callback(null, [...messages(describe(answer))]);
    })
    .catch((error) => {
      console.error('order look-up failed', error);
      callback(error);
    });
}

module.exports = { lambda };
