const bcrypt = require('bcryptjs');

const lambda = async () => {
  const salt = '$2a$04$abcdefghijklmnopqrstuu';
  const hash = bcrypt.hashSync('pässword', salt);
  return [hash, bcrypt.compareSync('pässword', hash), await bcrypt.compare('other', hash), bcrypt.getRounds(hash), bcrypt.getSalt(hash), await bcrypt.hash('x', 4).then((made) => bcrypt.compare('x', made)), bcrypt.genSaltSync(5).length, await bcrypt.hash('x', 'bad').catch((error) => error.message)];
};
