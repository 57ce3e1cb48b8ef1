const pRetry = require('p-retry');

const lambda = async () => {
  const attempts = [];
  const work = async (attempt) => {
    if (attempt < 3) throw new Error(`attempt ${attempt}`);
    return attempt;
  };
  const options = { retries: 4, minTimeout: 1, factor: 1, onFailedAttempt: (error) => attempts.push([error.message, error.attemptNumber, error.retriesLeft]) };
  return [
    await pRetry(work, options), attempts, await pRetry(() => { throw new pRetry.AbortError('stop'); }, options).catch((error) => error.message),
    await pRetry(async () => { throw new TypeError('not the network'); }, options).catch((error) => error.name), await pRetry(async () => { throw new Error('always'); }, { retries: 1, minTimeout: 1 }).catch((error) => error.message),
  ];
};
