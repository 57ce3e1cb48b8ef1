// What a test262 file says about itself: the YAML between `/*---` and `---*/`, of which the suite's own linter allows a
// small part. Read here are the keys that decide how a test is run; a value that cannot be read is an error, not a default.

const WORDS = new Set(['includes', 'flags', 'features']);
const NEGATIVE = new Set(['phase', 'type']);
const BLOCK = /\/\*---[\r\n]+([\s\S]*?)[\r\n]+\s*---\*\//;

// source -> {includes, flags, features, negative?: {phase, type}}
export function frontmatter(source, name) {
  const found = { includes: [], flags: [], features: [] };
  const block = BLOCK.exec(source);
  if (block === null) throw new Error(`${name}: there is no frontmatter`);
  const lines = block[1].split(/\r\n|\r|\n/);
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  for (let at = 0; at < lines.length; at++) {
    const [, key, rest] = /^(\w+):(.*)$/.exec(lines[at].slice(indent)) ?? [];
    if (key === undefined) continue;
    // Everything deeper, and the items of a list, belong to the key.
    const inner = [];
    while (at + 1 < lines.length && /^(\s|-|$)/.test(lines[at + 1].slice(indent))) inner.push(lines[++at].trim());
    const value = withoutComment(rest);
    if (WORDS.has(key)) found[key] = words(value, inner, `${name}: ${key}`);
    if (key === 'negative') found.negative = negative(value, inner, `${name}: ${key}`);
  }
  return found;
}

const withoutComment = (text) => text.replace(/(^|\s)#.*$/, '').trim();

function words(value, inner, name) {
  const items = inner.map(withoutComment).filter((line) => line !== '');
  let list;
  const whole = [value, ...items].join(' ').trim();
  if (whole.startsWith('[')) {
    if (!whole.endsWith(']')) throw new Error(`${name}: cannot read ${JSON.stringify(whole)}`);
    list = whole.slice(1, -1).split(',').map((item) => item.trim()).filter((item) => item !== '');
  } else {
    if (value !== '') throw new Error(`${name}: cannot read ${JSON.stringify(value)}`);
    list = items.map((item) => {
      if (!item.startsWith('-')) throw new Error(`${name}: cannot read ${JSON.stringify(item)}`);
      return item.slice(1).trim();
    });
  }
  for (const item of list) {
    if (!/^[\w.$\/:-]+$/.test(item)) throw new Error(`${name}: cannot read ${JSON.stringify(item)}`);
  }
  return list;
}

function negative(value, inner, name) {
  const found = {};
  for (const line of inner.map(withoutComment)) {
    const [, key, text] = /^(\w+):\s*(\w+)$/.exec(line) ?? [];
    if (NEGATIVE.has(key)) found[key] = text;
  }
  if (value !== '' || found.phase === undefined || found.type === undefined) {
    throw new Error(`${name}: there is no phase and type`);
  }
  return found;
}
