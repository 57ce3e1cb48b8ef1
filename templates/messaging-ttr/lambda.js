/**
 * Messaging TTR: the time to respond was changed, because the consumer marked a message as urgent or the agent set it.
 *
 * `payload.ttr`: oldTtr and newTtr, both { ttrType, value in seconds }. The result is a command or a list of them.
 */
function lambda(input, callback) {
  const { oldTtr, newTtr } = input.payload.ttr;

  if (newTtr.ttrType === 'URGENT' && oldTtr.ttrType !== 'URGENT') {
    const minutes = Math.ceil(newTtr.value / 60);
    callback(null, { type: 'systemMessage', text: `We have seen that it is urgent and answer within ${minutes} minutes.` });
    return;
  }
  callback(null, []);
}
