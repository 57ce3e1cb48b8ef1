/**
 * Third-Party Bots Post-Hook: a third-party bot has answered, and this may change the answer.
 *
 * `payload`: messages, context { lpEvent { metadata }, lpSdes }. The result has the same shape and is what the
 * consumer gets.
 */
const SIGNATURE = 'This is an automated answer.';

function lambda(input, callback) {
  const { messages, context } = input.payload;

  callback(null, { messages: [...messages, SIGNATURE], context });
}
