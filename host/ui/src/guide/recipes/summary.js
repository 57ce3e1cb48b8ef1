// What was ordered, by customer, the largest sum first.
const _ = require('lodash');

function lambda(input, callback) {
  const sums = _(input.payload.orders)
    .groupBy('customer')
    .map((orders, customer) => ({ customer, orders: orders.length, sum: _.sumBy(orders, 'price') }))
    .orderBy('sum', 'desc')
    .value();
  callback(null, sums);
}
