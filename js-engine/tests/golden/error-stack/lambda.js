function fail(message) {
  throw new Error(message);
}
class Service {
  call() {
    fail('deep');
  }
}
async function lambda() {
  const stacks = [];
  try {
    new Service().call();
  } catch (error) {
    stacks.push(error.stack);
  }
  try {
    [1].map(() => null.x);
  } catch (error) {
    stacks.push(error.stack);
  }
  try {
    JSON.parse('{"a": }');
  } catch (error) {
    stacks.push(error.stack);
  }
  try {
    new Function('return (')();
  } catch (error) {
    stacks.push(error.name);
  }
  class Custom extends Error {
    constructor(message) {
      super(message);
      this.name = 'Custom';
      Error.captureStackTrace(this, Custom);
    }
  }
  stacks.push(new Custom('captured').stack);
  const holder = {};
  Error.captureStackTrace(holder);
  stacks.push(holder.stack);
  Error.stackTraceLimit = 0;
  stacks.push(new Error('no frames').stack);
  Error.stackTraceLimit = 10;
  stacks.push([typeof Error.prepareStackTrace]);
  Error.prepareStackTrace = (error, sites) =>
    sites.map((site) => [site.getFileName(), site.getFunctionName(), site.getLineNumber(), site.isEval(), site.isNative()]);
  stacks.push(new Error('structured').stack);
  return stacks;
}
