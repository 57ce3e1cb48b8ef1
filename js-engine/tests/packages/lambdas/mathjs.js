const { create, all } = require('mathjs');

const lambda = async () => {
  const math = create(all);
  const big = create(all, { number: 'BigNumber', precision: 40 });
  return [
    math.evaluate('sqrt(3^2 + 4^2) + 5!'), math.evaluate('12.7 cm to inch').toString(), math.evaluate('a = [1, 2; 3, 4]; inv(a) * det(a)').toString(), math.derivative('x^2 + sin(x)', 'x').toString(), math.simplify('2x + 3x * 1').toString(), big.evaluate('1 / 3').toString(), math.evaluate('(2 + 3i) * (4 - i)').toString(),
    math.parse('2 * (x + 1)').toTex(), math.format(math.fraction(0.125)), math.std([2, 4, 6]), math.chain(3).add(4).multiply(2).done(), math.evaluate('f(x, y) = x ^ y; f(2, 10)').entries, math.multiply([[1, 2], [3, 4]], [5, 6]), math.evaluate('5 kg m / s^2 to N').toString(), math.unit('20 celsius').to('fahrenheit').toString(),
    math.lup([[2, 1], [1, 4]]).L.toString(), (() => { try { return math.evaluate('2 +* 3'); } catch (error) { return [error.name, error.message]; } })(), math.gcd(24, 36), math.parse('x > 2 ? 1 : 0').evaluate({ x: 3 }), math.bignumber('1e-30').toString(), math.typeOf(math.matrix([1])), math.combinations(10, 3),
  ];
};
