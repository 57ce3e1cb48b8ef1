/**
 * Third-Party Bots Pre-Hook: a message is about to go to a third-party bot, and this may change it.
 *
 * `payload`: convId, message, context { lpEvent { metadata }, lpSdes }. The result has the same shape and is what the
 * bot gets.
 */
const CARD_NUMBER = /\b(?:\d[ -]?){13,19}\b/g;

function lambda(input, callback) {
  const { payload } = input;

  // A bot of somebody else need not know what a consumer's card number is.
  const message = payload.message.replace(CARD_NUMBER, '[card number]').trim();
  callback(null, { ...payload, message });
}
