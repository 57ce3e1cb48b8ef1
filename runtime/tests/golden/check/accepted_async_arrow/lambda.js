const { Toolbelt } = require('lp-faas-toolbelt');

const lambda = async ({ payload }) => {
  const secret = await Toolbelt.SecretClient().readSecret('token');
  return { ...payload, known: secret?.value ?? null };
};

module.exports = { lambda };
