// Survey e-mail transcript: reads a chat that has ended (standard input), tells the functions of the event what its
// survey said, and writes one e-mail for everybody they name into a folder, ready for `sendmail -t < FILE`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { Platform } from '../platform.mjs';

const EVENT = 'denver_post_survey_email_transcript';
const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+$/;

/** What functions may know of a chat. The transcript stays here. */
const payload = ({ survey, skill, agent }) => ({
  csatRank: survey.csatRank,
  skillName: skill.name,
  agentName: agent.nickname,
  questionWithAnswers: survey.questions.map(({ question, answer }) => ({ question, answer })),
});

/** A header field's text: what a function returns must not become further fields. */
const word = (text) => {
  const line = String(text ?? '').replace(/[\r\n]+/g, ' ').trim();
  return /^[\x20-\x7e]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`;
};

/** An RFC 5322 message. */
const message = (mail, chat) => {
  const lines = chat.transcript.map(({ time, by, text }) => `[${time}] ${by}: ${text}`);
  const body = Buffer.from(lines.join('\n')).toString('base64').replace(/.{76}/g, '$&\r\n');
  return [
    `From: "${word(mail.senderName).replace(/["\\]/g, '')}" <${mail.senderEmail}>`,
    `To: ${mail.targetEmail}`,
    `Subject: ${word(mail.subject)}`,
    `Date: ${new Date(chat.endedAt).toUTCString()}`,
    `Message-ID: <${chat.id}.transcript@lambkin.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    body,
    '',
  ].join('\r\n');
};

const main = async () => {
  const [outbox = 'outbox'] = process.argv.slice(2);
  const chat = await json(process.stdin);
  const platform = new Platform({ name: 'survey-transcript' });
  if (!(await platform.isImplemented(EVENT))) {
    process.stdout.write('nobody has a function for this event\n');
    return;
  }
  const outcomes = await platform.invokeEvent(EVENT, payload(chat), chat.skill.id);
  await mkdir(outbox, { recursive: true });
  let number = 0;
  for (const mail of outcomes.flatMap(({ result }) => result)) {
    if (![mail?.targetEmail, mail?.senderEmail].every((address) => ADDRESS.test(address))) {
      process.stderr.write(`not an e-mail: ${JSON.stringify(mail)}\n`);
      continue;
    }
    number += 1;
    const file = join(outbox, `${chat.id}-${number}.eml`);
    await writeFile(file, message(mail, chat));
    process.stdout.write(`${file}: to ${mail.targetEmail}\n`);
  }
  if (number === 0) process.stdout.write('no transcript is sent\n');
};

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
