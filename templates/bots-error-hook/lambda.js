/**
 * Third-Party Bots Error-Hook: a third-party bot has failed.
 *
 * `payload`: error { errorId, name }, vendor, and what the bot was given. What this answers is not used: it is the
 * place to raise an alarm.
 */
function lambda(input, callback) {
  const { error, vendor } = input.payload;

  console.error(`A bot of ${vendor} failed`, { errorId: error.errorId, name: error.name });
  callback(null, { reported: error.errorId });
}
