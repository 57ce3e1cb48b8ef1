/**
 * Messaging Conversation Routing: a conversation was transferred to another skill.
 *
 * `payload.routing`: oldSkillId, newSkillId. The result is a command or a list of them.
 */
const GREETINGS = {
  1001: 'You are now talking to our sales team.',
  1002: 'You are now talking to our support team.',
};

function lambda(input, callback) {
  const { oldSkillId, newSkillId } = input.payload.routing;
  console.info('Transferred', { from: oldSkillId, to: newSkillId });

  const text = GREETINGS[newSkillId];
  callback(null, text ? { type: 'systemMessage', text } : []);
}
