const jsonata = require('jsonata');

const lambda = async () => {
  const data = { Account: { Order: [{ id: 1, Product: [{ name: 'Hat', price: 34.45, n: 2 }, { name: 'Cape', price: 107.99, n: 1 }] }, { id: 2, Product: [{ name: 'Hat', price: 34.45, n: 4 }] }] } };
  return [
    '$sum(Account.Order.Product.(price * n))', 'Account.Order.Product{name: $sum(n)}', 'Account.Order.Product[price > 50].name', '$map([1..5], function($v) { $v * $v })', 'Account.Order^(>id).id', '$uppercase(Account.Order[0].Product[0].name) & "!"', '($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))',
    '$match("a1b22", /[a-z](\\d+)/).groups', '$formatNumber(1234.567, "#,##0.00")', 'Account.Order.Product ~> |$|{"total": price * n}|', '$fromMillis(0)', '$split("a,b", ",")', '$sort([3,1,2])', 'Account.none', '$formatInteger(2024, "w")', '$toMillis("2020-01-02T03:04:05Z")',
  ].map((query) => jsonata(query).evaluate(data)).concat((() => { try { return jsonata('a +').evaluate({}); } catch (error) { return [error.code, error.message, error.position]; } })());
};
