/**
 * Messaging Survey Ended: a survey after a conversation has ended.
 *
 * `payload` describes the conversation: conversationId, surveyId, lastQuestionId, dialogs, participants and more.
 * What this answers is not used: it is the place to tell a system of yours.
 */
function lambda(input, callback) {
  const { conversationId, surveyId, lastQuestionId, dialogs } = input.payload;
  const survey = dialogs.find(({ dialogType }) => dialogType === 'POST_SURVEY');

  // A survey whose dialog is still open was left by the consumer.
  const completed = survey !== undefined && survey.state === 'CLOSE';
  console.info('A survey has ended', { conversationId, surveyId, lastQuestionId, completed });
  callback(null, { conversationId, surveyId, completed });
}
