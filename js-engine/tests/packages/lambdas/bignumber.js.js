const BigNumber = require('bignumber.js');

const lambda = async () => {
  const x = new BigNumber('123456789.987654321');
  return [
    x.times('9876543210.123456789').toString(), x.sqrt().toString(), new BigNumber(1).div(3).toFixed(30), x.pow(7).toString(), x.toFormat(2), new BigNumber('0.1').plus('0.2').eq('0.3'), new BigNumber('ff.8', 16).toString(), x.toString(36), x.dp(3, BigNumber.ROUND_UP).toString(), new BigNumber('-5.5').mod(3).toString(),
    new BigNumber('1e500').toString(), x.toFraction(1000).map(String), BigNumber.max(1, '3', 2).toString(), new BigNumber('x').isNaN(), new BigNumber(2).pow(-3).toString(), x.precision(4).toExponential(), BigNumber.sum('0.1', 2, '3e-7').toString(), new BigNumber('99').shiftedBy(-3).toJSON(),
  ];
};
