// Why this file exists: `Intl`, and what its formatters have in common: language tags and options. Node 10 came with
// English alone ("small-icu"), so every other language is answered in English, as there.
(function internationalization(engine) {
  'use strict';
  const { arrayJoin, arrayPush, defineProperty, expose, getOwnPropertyDescriptor, keys } = engine.primordials;
  const { regexpExec, stringIndexOf } = engine.primordials;
  const { stringSlice, stringToLowerCase, stringToUpperCase, weakMapGet, weakMapSet } = engine.primordials;
  const { Object, RangeError, String, Symbol, TypeError, WeakMap } = engine.primordials;

  const Intl = {};
  expose('Intl', Intl);

  const hide = (target, name, value) =>
    defineProperty(target, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });

  // BCP 47: language, script, region, variants, extensions, private use.
  const TAG = new RegExp(
    '^(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\\d{3}))?' +
      '(?:-(?:[a-z\\d]{5,8}|\\d[a-z\\d]{3}))*(?:-[a-wyz\\d](?:-[a-z\\d]{2,8})+)*(?:-x(?:-[a-z\\d]{1,8})+)?$|' +
      '^x(?:-[a-z\\d]{1,8})+$',
  );
  // Languages that have another tag now.
  const RENAMED = { __proto__: null, iw: 'he', in: 'id', ji: 'yi', jw: 'jv', mo: 'ro', 'i-klingon': 'tlh' };

  const split = (text, separator) => {
    const parts = [];
    for (let from = 0; ; ) {
      const end = stringIndexOf(text, separator, from);
      arrayPush(parts, end < 0 ? stringSlice(text, from) : stringSlice(text, from, end));
      if (end < 0) return parts;
      from = end + 1;
    }
  };

  // Puts a text in its place in a sorted list.
  const insert = (list, text) => {
    let i = list.length;
    for (arrayPush(list, text); i > 0 && list[i - 1] > text; i--) list[i] = list[i - 1];
    list[i] = text;
  };

  // What stands behind `-u-`, sorted; a key that has no value gets the one it means.
  const sorted = (parts) => {
    const attributes = [];
    const pairs = { __proto__: null };
    let key;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (part.length === 2) {
        key = part in pairs ? '' : part;
        pairs[key] = '';
      } else if (key === undefined) {
        insert(attributes, part);
      } else {
        pairs[key] += '-' + part;
      }
    }
    const list = [];
    const names = keys(pairs);
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      const isFlag = stringIndexOf(' kb kc kh kk kn ', ' ' + name + ' ') >= 0;
      if (name !== '') insert(list, name + (pairs[name] || (isFlag ? '-true' : '-yes')));
    }
    for (let i = 0; i < list.length; i++) arrayPush(attributes, list[i]);
    return arrayJoin(attributes, '-');
  };

  // One language tag as it is written properly; throws if it is none.
  const canonical = (tag) => {
    let small = stringToLowerCase(tag);
    if (small in RENAMED) small = RENAMED[small];
    if (regexpExec(TAG, small) === null) throw new RangeError('Invalid language tag: ' + tag);
    const parts = split(small, '-');
    if (parts.length > 1 && parts[1].length === 3 && parts[0] !== 'x' && regexpExec(/^[a-z]{3}$/, parts[1]) !== null) {
      // An extended language is a language of its own.
      const rest = [];
      for (let i = 1; i < parts.length; i++) arrayPush(rest, parts[i]);
      return canonical(arrayJoin(rest, '-'));
    }
    const seen = { __proto__: null };
    let isExtension = parts[0] === 'x';
    if (parts[0] in RENAMED) parts[0] = RENAMED[parts[0]];
    for (let i = 1; i < parts.length; i++) {
      const part = parts[i];
      if (part.length === 1) {
        if (seen[part] && !seen.x) throw new RangeError('Invalid language tag: ' + tag);
        seen[part] = isExtension = true;
      } else if (!isExtension && part.length === 4 && regexpExec(/^[a-z]/, part) !== null) {
        parts[i] = stringToUpperCase(stringSlice(part, 0, 1)) + stringSlice(part, 1);
      } else if (!isExtension && part.length === 2) {
        parts[i] = stringToUpperCase(part);
      }
    }
    const proper = [];
    for (let i = 0; i < parts.length; i++) {
      arrayPush(proper, parts[i]);
      if (parts[i] === 'x') seen.u = false;
      if (parts[i] !== 'u' || !seen.u || i === 0) continue;
      const extension = [];
      while (i + 1 < parts.length && parts[i + 1].length > 1) arrayPush(extension, parts[++i]);
      arrayPush(proper, sorted(extension));
    }
    return arrayJoin(proper, '-');
  };

  // What a caller may give as `locales`, as a list of proper tags.
  const listOf = (locales) => {
    if (locales === undefined) return [];
    if (locales === null) throw new TypeError('Cannot convert undefined or null to object');
    const given = typeof locales === 'string' ? [locales] : Object(locales);
    const seen = { __proto__: null };
    const list = [];
    for (let i = 0; i < given.length; i++) {
      if (!(i in given)) continue;
      const tag = given[i];
      if (typeof tag !== 'string' && (typeof tag !== 'object' || tag === null)) {
        throw new TypeError('Language ID should be string or object.');
      }
      const proper = canonical(String(tag));
      if (!seen[proper]) arrayPush(list, proper);
      seen[proper] = true;
    }
    return list;
  };

  const isKnown = (tag) => tag === 'en' || stringSlice(tag, 0, 3) === 'en-';

  // The first of the tags in whose language there are answers.
  const firstKnown = (list) => {
    for (let i = 0; i < list.length; i++) if (isKnown(list[i])) return list[i];
    return 'en';
  };

  // The locale a formatter works in. Of what a tag asks for beside the language, only what `kept` lists is kept: each
  // is what English has anyway.
  const resolve = (locales, kept) => {
    const tag = firstKnown(listOf(locales));
    const at = stringIndexOf(tag, '-u-');
    if (at < 0) return 'en';
    let locale = 'en-u';
    for (let k = 0; k < kept.length; k++) {
      if (stringIndexOf(tag + '-', '-' + kept[k] + '-', at) >= 0) locale += '-' + kept[k];
    }
    return locale === 'en-u' ? 'en' : locale;
  };

  // An option that is one of `choices`.
  const choose = (options, name, choices, what, otherwise) => {
    let value = options[name];
    if (value === undefined) return otherwise;
    value = String(value);
    for (let i = 0; i < choices.length; i++) if (choices[i] === value) return value;
    throw new RangeError('Value ' + value + ' out of range for ' + what + ' options property ' + name);
  };

  // What a formatter answers, from `write(state, value, add)`, which calls `add` with each part's type and text.
  const answers = (write) => ({
    __proto__: null,
    format(state, value) {
      let text = '';
      write(state, value, (type, part) => {
        text += part;
      });
      return text;
    },
    formatToParts(state, value) {
      const list = [];
      write(state, value, (type, part) => arrayPush(list, { type, value: part }));
      return list;
    },
  });

  // Makes `Intl[name]`: `create(locales, options)` answers what a formatter is, `methods` get that first.
  const service = (name, create, methods, getters) => {
    const what = stringToLowerCase(name);
    const states = new WeakMap();
    const stateOf = (self, method) => {
      // What cannot be a key is in no map.
      const state = weakMapGet(states, self);
      if (state !== undefined) return state;
      const isObject = typeof self === 'object' && self !== null;
      const receiver = isObject ? '#<' + kindOf(self) + '>' : String(self);
      throw new TypeError('Method ' + method + ' called on incompatible receiver ' + receiver);
    };
    const { [name]: constructor } = {
      [name]: function (...args) {
        const self = new.target === undefined ? new constructor(args[0], args[1]) : this;
        if (new.target !== undefined) weakMapSet(states, self, create(args[0], args[1]));
        return self;
      },
    };
    const { prototype } = constructor;
    defineProperty(constructor, 'prototype', { __proto__: null, writable: false, enumerable: false });
    hide(constructor, 'supportedLocalesOf', {
      supportedLocalesOf(locales, options) {
        const list = listOf(locales);
        if (options !== undefined) choose(Object(options), 'localeMatcher', ['lookup', 'best fit'], what);
        const known = [];
        for (let i = 0; i < list.length; i++) if (isKnown(list[i])) arrayPush(known, list[i]);
        return known;
      },
    }.supportedLocalesOf);
    const names = keys(methods);
    for (let i = 0; i < names.length; i++) {
      const method = names[i];
      const isShort = method === 'resolvedOptions' && name !== 'PluralRules';
      const label = isShort ? method : 'Intl.' + name + '.prototype.' + method;
      const act = methods[method];
      const wrapper = { [method](...args) { return act(stateOf(this, label), args[0], args.length); } }[method];
      defineProperty(wrapper, 'length', { __proto__: null, value: act.length > 1 ? 1 : 0, configurable: true });
      hide(prototype, method, wrapper);
    }
    const bound = keys(getters);
    for (let i = 0; i < bound.length; i++) {
      const method = bound[i];
      const act = getters[method];
      const holder = {
        get [method]() {
          const state = stateOf(this, method);
          if (state.bound === undefined) {
            state.bound = act.length > 2 ? (a, b) => act(state, a, b) : (a) => act(state, a);
            defineProperty(state.bound, 'name', { __proto__: null, value: '', configurable: true });
          }
          return state.bound;
        },
      };
      const { get } = getOwnPropertyDescriptor(holder, method);
      defineProperty(prototype, method, { __proto__: null, get, enumerable: false, configurable: true });
    }
    defineProperty(prototype, Symbol.toStringTag, { __proto__: null, value: 'Object', configurable: true });
    hide(Intl, name, constructor);
    return constructor;
  };
  const kindOf = (object) => {
    const { constructor } = object;
    const name = typeof constructor === 'function' ? constructor.name : '';
    return typeof name === 'string' && name !== '' ? name : 'Object';
  };

  engine.intl = { __proto__: null, answers, choose, firstKnown, hide, listOf, resolve, service, split };
  engine.intl.publish = (name, value) => hide(Intl, name, value);
})
