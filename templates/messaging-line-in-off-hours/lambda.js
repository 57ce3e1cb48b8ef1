/**
 * Messaging Line in Off-Hours: a consumer writes outside working hours in a conversation that is open already.
 *
 * `payload.mid.openedInOffHours` says whether the conversation itself began outside working hours.
 * The result is a command or a list of them.
 */
function lambda(input, callback) {
  const { mid } = input.payload;

  // Who began outside working hours was told so then.
  if (mid.openedInOffHours) {
    callback(null, []);
    return;
  }
  callback(null, { type: 'systemMessage', text: 'We are closed for today and will answer tomorrow from 9 am.' });
}
