/**
 * Logging: how a lambda tells you what it did.
 *
 *   console.<level>(message [, ...extras])
 *
 * Levels: debug, info, warn and error. The first argument is the message; everything after it is shown
 * as extras when a log line is opened. Debug lines appear in test invocations only, they are never stored.
 * Everything you log can be read by whoever may read the logs of this function: do not log secrets.
 */
function lambda(input, callback) {
  const order = input.payload || {};

  console.debug('Received an order', order);

  const items = Array.isArray(order.items) ? order.items : [];
  if (items.length === 0) {
    // A problem the caller has to know of is both: a log line for you and an error for the caller.
    console.error('The order has no items');
    callback(new Error('order without items'));
    return;
  }

  let total = 0;
  for (const { sku, quantity = 1, cents } of items) {
    if (!Number.isInteger(cents)) {
      console.warn('Skipped an item without a price', { sku });
      continue;
    }
    total += quantity * cents;
  }

  // Extras can be anything that has a JSON form: objects, arrays, dates, errors.
  console.info(`Order ${order.id} sums up to ${total} cents`, { items: items.length }, ['any', 'number', 'of', 'extras']);

  callback(null, { id: order.id, total });
}
