/**
 * Messaging Conversation Idle: for some time somebody has not answered, or nobody has taken the conversation.
 *
 * `payload.idle` has three waiting times, { time, timeUnits }; the one that ran out is not zero. One name is spelt
 * as the platform spells it: consumserNonResponsive.
 * The result is a command or a list of them.
 */
function lambda(input, callback) {
  const { agentNonResponsive, consumserNonResponsive, convNotTakenTime } = input.payload.idle;

  if (convNotTakenTime.time > 0) {
    callback(null, { type: 'systemMessage', text: 'All our agents are busy. Thank you for your patience.' });
  } else if (agentNonResponsive.time > 0) {
    callback(null, { type: 'systemMessage', text: 'We are still looking into it and will be back with you soon.' });
  } else if (consumserNonResponsive.time > 0) {
    callback(null, [
      { type: 'systemMessage', text: 'As we have not heard from you, we close this conversation. Write again any time.' },
      { type: 'closeConversation' },
    ]);
  } else {
    callback(null, []);
  }
}
