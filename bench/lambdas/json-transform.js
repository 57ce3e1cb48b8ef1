// What most lambdas do: take a document apart and answer with another one.
function lambda(input, callback) {
  const byCustomer = new Map();
  for (const order of input.payload.orders) {
    const total = order.items
      .filter((item) => !item.returned)
      .map(({ quantity, cents }) => quantity * cents)
      .reduce((sum, cents) => sum + cents, 0);
    const known = byCustomer.get(order.customer) || { orders: [], total: 0 };
    known.orders.push({ ...order, items: order.items.length, total });
    known.total += total;
    byCustomer.set(order.customer, known);
  }
  const customers = [...byCustomer].map(([name, { orders, total }]) => ({
    name: name.toUpperCase(),
    total,
    orders: orders.sort((a, b) => b.total - a.total),
  }));
  callback(null, customers.sort((a, b) => b.total - a.total));
}
