'use strict';
// npm liveperson-functions-client as it was published. Prints one JSON object of what it saw; tests/tests/clients.rs
// judges it.
const { Client } = require('liveperson-functions-client');

const { account, client, secret, session, uuid, failing, event, lossy } = JSON.parse(process.env.LAMBKIN_CASE);

const config = { accountId: account, failOnErrorStatusCode: true };
const asApp = (clientSecret) => new Client({ ...config, authStrategy: { clientId: client, clientSecret } });
const asUser = () => new Client({ ...config, authStrategy: async () => `Bearer ${session}` });

/** Every name in the chain of causes, and the answer that began it. */
const failure = (error) => {
  const names = [];
  let response;
  for (let cause = error; cause; cause = cause.jse_cause) {
    names.push(cause.name);
    response = response ?? cause.jse_info?.response;
  }
  return { names, status: response?.status, body: response?.body };
};

const attempt = (call) => call().then((seen) => seen, failure);
const answer = ({ status, body }) => ({ status, body });

const main = async () => {
  const app = asApp(secret);
  const externalSystem = 'test';
  const body = { headers: [], payload: { name: 'Ada' } };
  const seen = {};

  seen.invoke = await attempt(() => app.invoke({ lambdaUuid: uuid, externalSystem, body }).then(answer));
  seen.byEvent = await attempt(() => app.invoke({ eventId: event, externalSystem, body }).then(answer));
  seen.implemented = await attempt(() => app.isImplemented({ eventId: event, externalSystem }));
  seen.notImplemented = await attempt(() =>
    app.isImplemented({ eventId: 'controllerbot_messaging_ttr', externalSystem })
  );
  seen.failing = await attempt(() => app.invoke({ lambdaUuid: failing, externalSystem, body }));
  seen.missing = await attempt(() =>
    app.invoke({ lambdaUuid: '00000000-0000-4000-8000-000000000000', externalSystem, body })
  );
  seen.lambdas = await attempt(async () => {
    const { status, body: lambdas } = await asUser().getLambdas({ state: ['Productive'], externalSystem });
    return { status, names: lambdas.map(({ name }) => name).sort() };
  });
  seen.lambdasByApp = await attempt(() => app.getLambdas({ state: ['Productive'], externalSystem }));
  seen.wrongSecret = await attempt(() => asApp('wrong').invoke({ lambdaUuid: uuid, externalSystem, body }));

  // From here on the first answer to each invocation is lost on its way, and the client tries again.
  globalThis.lambkinPorts.set(443, lossy);
  seen.again = await attempt(() =>
    app.invoke({ lambdaUuid: uuid, externalSystem, body: { headers: [], payload: { name: 'Grace' } } }).then(answer)
  );
  process.stdout.write(JSON.stringify(seen));
};

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
