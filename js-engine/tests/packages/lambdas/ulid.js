const { decodeTime, encodeTime, factory, monotonicFactory, ulid } = require('ulid');

const lambda = async () => {
  const steady = factory(() => 0.5);
  const next = monotonicFactory(() => 0.25);
  return [steady(1469918176385), next(150000), next(150000), next(100000), decodeTime('01ARYZ6S41TSV4RRFFQ69G5FAV'), encodeTime(1469918176385, 10), ulid().length, ulid(1) < ulid(2)];
};
