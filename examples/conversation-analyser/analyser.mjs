// Conversation state-change analyser: reads what happens to conversations (standard input, one JSON object a line),
// finds out which events that means, calls their functions and carries out the commands they return. What it does is
// printed, one JSON object a line.
//
// A command changes the conversation, and that may be an event again: a closed conversation is one that has ended.
import { createInterface } from 'node:readline';
import { Platform } from '../platform.mjs';
import { eventsOf } from './events.mjs';

/** Commands that follow from one change: functions that answer each other must come to an end. */
const MAX_COMMANDS = 20;

const say = (entry) => process.stdout.write(`${JSON.stringify(entry)}\n`);

/** What each command does to a conversation; `null` for a command that cannot be carried out. */
const COMMANDS = {
  systemMessage: (conversation, { text }) =>
    typeof text === 'string' ? { messages: [...conversation.messages, { by: 'SYSTEM', text }] } : null,
  transfer: (conversation, { skillId, agentId }) =>
    skillId || agentId ? { skillId: skillId ?? conversation.skillId, agentId: agentId ?? null } : null,
  closeConversation: () => ({ state: 'CLOSE', closeReason: 'SYSTEM' }),
};

export class Analyser {
  #conversations = new Map();

  constructor(platform) {
    this.platform = platform;
  }

  /** Takes a change in and everything that follows from it. */
  async take({ conversation: id, at, ...change }) {
    let seen = this.#conversations.get(id) ?? null;
    const fresh = { id, startedAt: at, state: 'OPEN', skillId: null, participants: [], messages: [], ttr: null };
    this.#conversations.set(id, { ...(seen ?? fresh), ...change });
    // What commands do is looked at like everything else, until nothing has happened any more.
    for (let left = MAX_COMMANDS; ; ) {
      const conversation = this.#conversations.get(id);
      const events = eventsOf(seen, conversation, at);
      if (events.length === 0) break;
      seen = conversation;
      for (const { event, payload } of events) {
        for (const command of await this.#commands(event, payload, conversation.skillId)) {
          const target = this.#conversations.get(id);
          const changed = left > 0 && target.state === 'OPEN' ? COMMANDS[command?.type]?.(target, command) : null;
          say({ conversation: id, event, command, done: Boolean(changed) });
          if (!changed) continue;
          left -= 1;
          this.#conversations.set(id, { ...target, ...changed });
        }
      }
    }
    const { state, skillId, messages } = this.#conversations.get(id);
    say({ conversation: id, state, skillId, messages: messages.length });
  }

  /** The commands of all functions of an event: each returns one, a list of them, or nothing. */
  async #commands(event, payload, skillId) {
    if (!(await this.platform.isImplemented(event))) return [];
    const outcomes = await this.platform.invokeEvent(event, payload, skillId);
    return outcomes.flatMap(({ result }) => result ?? []);
  }
}

const main = async () => {
  const analyser = new Analyser(new Platform({ name: 'conversation-analyser' }));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== '') await analyser.take(JSON.parse(line));
  }
};

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
