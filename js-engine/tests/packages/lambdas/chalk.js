const chalk = require('chalk');

const lambda = async () => {
  const on = chalk.constructor({ enabled: true, level: 3 });
  return [
    on.red('x'), on.bold.underline.rgb(1, 2, 3)('deep'), on.bgHex('#DEADED').black('hex'), on`{green a {bold b}} {rgb(255,136,0) c}`, on.blue(`a${on.red('b')}c`), on.green('two\nlines'), new chalk.constructor({ level: 1 }).hex('#ff0000')('16'), new chalk.constructor({ enabled: false }).red('plain'),
    on.keyword('orange')('word'), on.ansi256(200).bgAnsi256(20)('256'),
  ];
};
