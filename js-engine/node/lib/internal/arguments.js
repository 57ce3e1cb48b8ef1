// Why this file exists: `util.parseArgs`, which Node 10 has not: the options and values in a list of words.
'use strict';

const fail = (code, message) => {
  const error = new TypeError(message);
  error.code = code;
  throw error;
};
const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

// The words as Node's parser sees them: options with their values, values, and where options end.
const tokens = (words, options) => {
  const found = [];
  const rest = words.slice();
  const takes = (name) => own(options, name)?.type === 'string';
  const option = (name, rawName, value, isInline) => {
    let given = value;
    let isThere = isInline;
    if (given === undefined && takes(name) && rest.length > 0) {
      given = rest.shift();
      isThere = false;
    }
    found.push({ kind: 'option', name, rawName, value: given, inlineValue: given === undefined ? undefined : isThere });
  };
  const longOf = (letter) => Object.keys(options).find((name) => own(options, name).short === letter) ?? letter;
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--') {
      found.push({ kind: 'option-terminator' });
      for (const value of rest.splice(0)) found.push({ kind: 'positional', value });
    } else if (/^--./.test(word)) {
      const at = word.indexOf('=', 3);
      if (at < 0) option(word.slice(2), word, undefined, undefined);
      else option(word.slice(2, at), word.slice(0, at), word.slice(at + 1), true);
    } else if (/^-./.test(word)) {
      let letters = word.slice(1);
      while (letters.length > 0) {
        const letter = letters[0];
        letters = letters.slice(1);
        const name = longOf(letter);
        const isInline = takes(name) && letters.length > 0;
        option(name, '-' + letter, isInline ? letters : undefined, isInline ? true : undefined);
        if (isInline) letters = '';
      }
    } else {
      found.push({ kind: 'positional', value: word });
    }
  }
  return found;
};

const check = (token, options, allowPositionals) => {
  const known = own(options, token.name);
  if (known === undefined) {
    const hint = allowPositionals
      ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${JSON.stringify(token.rawName)}`
      : '';
    fail('ERR_PARSE_ARGS_UNKNOWN_OPTION', `Unknown option '${token.rawName}'${hint}`);
  }
  const shown = (known.short ? `-${known.short}, ` : '') + `--${token.name}`;
  if (known.type === 'string' && typeof token.value !== 'string') {
    fail('ERR_PARSE_ARGS_INVALID_OPTION_VALUE', `Option '${shown} <value>' argument missing`);
  }
  if (known.type === 'boolean' && token.value !== undefined) {
    fail('ERR_PARSE_ARGS_INVALID_OPTION_VALUE', `Option '${shown}' does not take an argument`);
  }
  if (typeof token.value === 'string' && !token.inlineValue && /^-./.test(token.value)) {
    const { name, rawName } = token;
    const example = rawName.startsWith('--') ? `'${rawName}=-XYZ'` : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
    fail('ERR_PARSE_ARGS_INVALID_OPTION_VALUE', `Option '${rawName}' argument is ambiguous.
Did you forget to specify the option argument for '${rawName}'?
To specify an option argument starting with a dash use ${example}.`);
  }
};

module.exports = function parseArgs(config = {}) {
  const { args = [], options = {}, strict = true, allowPositionals = !strict, tokens: isWanted = false } = config;
  for (const [name, { type, short }] of Object.entries(options)) {
    if (type !== 'string' && type !== 'boolean') {
      fail('ERR_INVALID_ARG_TYPE', `The "options.${name}.type" property must be one of type string or boolean`);
    }
    if (short !== undefined && short.length !== 1) {
      fail('ERR_INVALID_ARG_VALUE', `The property 'options.${name}.short' must be a single character. Received '${short}'`);
    }
  }
  const found = tokens(args, options);
  const values = { __proto__: null };
  const positionals = [];
  for (const token of found) {
    if (token.kind === 'positional') {
      if (!allowPositionals) {
        fail('ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL', `Unexpected argument '${token.value}'. This command does not take positional arguments`);
      }
      positionals.push(token.value);
    }
    if (token.kind !== 'option') continue;
    if (strict) check(token, options, allowPositionals);
    if (token.name === '__proto__') continue;
    const value = token.value ?? true;
    if (own(options, token.name)?.multiple) (values[token.name] ??= []).push(value);
    else values[token.name] = value;
  }
  for (const [name, { default: value }] of Object.entries(options)) {
    if (value !== undefined && values[name] === undefined) values[name] = value;
  }
  return isWanted ? { values, positionals, tokens: found } : { values, positionals };
};
