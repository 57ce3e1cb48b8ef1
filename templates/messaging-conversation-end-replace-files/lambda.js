/**
 * Messaging Conversation End, replace files: overwrites the files of a closed conversation, so that they are not
 * kept longer than needed.
 *
 * Needs two secrets: `lp-faas-default-app-key` (an API key with access to the messaging history) and `file-storage`
 * with { "username", "password" } of the file storage.
 */
const { Toolbelt } = require('lp-faas-toolbelt');

/** Which files go, judged by their path in the storage: all but pictures. */
const shouldReplace = (path) => !/\.(png|jpe?g|gif)$/i.test(path);

async function lambda(input, callback) {
  const { convId } = input.payload.general;

  try {
    const { value: storage } = await Toolbelt.SecretClient().readSecret('file-storage');
    const conversation = await Toolbelt.ConversationUtil().getConversationById(convId);
    const replaced = await Toolbelt.GDPRUtil().replaceConversationFiles(conversation, storage, shouldReplace);
    console.info(`Files of conversation ${convId} were replaced`, { number: replaced.length });
  } catch (error) {
    // Nobody waits for a result, so this is for whoever reads the log.
    console.error(`The files of conversation ${convId} stay`, { message: error.message });
  }

  callback(null, []);
}
