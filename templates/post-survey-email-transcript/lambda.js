/**
 * Chat Post Survey E-Mail Transcript: who gets the transcript of a chat whose survey was submitted.
 *
 * `payload`: csatRank (1 to 5), skillName, agentName, questionWithAnswers [{ question, answer }].
 * The result is a list of { targetEmail, senderName, senderEmail, subject }; an empty one sends nothing.
 */
const GOOD_RANK = 3;

function lambda(input, callback) {
  const { csatRank, skillName, agentName, questionWithAnswers = [] } = input.payload;
  const mails = [];

  if (csatRank < GOOD_RANK) {
    console.info('An unhappy customer', { csatRank, skillName, answers: questionWithAnswers.length });
    mails.push({
      targetEmail: 'manager@example.com',
      senderName: 'Customer Care',
      senderEmail: 'no-reply@example.com',
      subject: `${skillName}: a chat with ${agentName} was rated ${csatRank} of 5`,
    });
  }

  callback(null, mails);
}
