// Why this file exists: `Intl.Collator` and `String.prototype.localeCompare`, in the order of English, which is
// Unicode's. Node 10 came with no other language.
(function collation(engine) {
  'use strict';
  const { choose, firstKnown, hide, listOf, service, split } = engine.intl;
  const { collatorCompare, collatorOpen } = engine.natives;
  const { stringIndexOf, stringSlice, textOf, Object, String, TypeError } = engine.primordials;

  // Orders that a tag may ask for. English has none of them, but says so only in its answers.
  const COLLATIONS =
    ' big5han compat dict emoji eor gb2312 phonebk phonetic pinyin reformed searchjl stroke trad unihan zhuyin ';

  // What a tag asks for beside the language: { co, kf, kn }. Node 10 reads what is private (`-x-u-kn`) too.
  const keywords = (tag) => {
    const found = { __proto__: null, co: undefined, kf: undefined, kn: undefined };
    const at = stringIndexOf(tag, '-u-');
    if (at < 0) return found;
    const parts = split(stringSlice(tag, at + 3), '-');
    let key;
    for (let i = 0; i < parts.length; i++) {
      if (parts[i].length === 1) break;
      if (parts[i].length === 2) {
        key = parts[i];
        if (key in found) found[key] ??= '';
      } else if (key !== undefined && key in found && found[key] === '') {
        found[key] = parts[i];
      }
    }
    return found;
  };

  const CHOICES = ['base', 'accent', 'case', 'variant'];
  const create = (locales, options) => {
    if (options === null) throw new TypeError("Cannot read property 'usage' of null");
    const list = listOf(locales);
    const given = options === undefined ? { __proto__: null } : Object(options);
    const usage = choose(given, 'usage', ['sort', 'search'], 'collator', 'sort');
    const sensitivity = choose(given, 'sensitivity', CHOICES, 'collator', 'variant');
    const punctuation = given.ignorePunctuation;
    choose(given, 'localeMatcher', ['lookup', 'best fit'], 'collator');
    const counts = given.numeric;
    const first = choose(given, 'caseFirst', ['upper', 'lower', 'false'], 'collator');

    const asked = keywords(firstKnown(list));
    const numeric = counts === undefined ? asked.kn === '' || asked.kn === 'true' : !!counts;
    const isCased = asked.kf === 'upper' || asked.kf === 'lower' || asked.kf === 'false';
    const caseFirst = first ?? (isCased ? asked.kf : 'false');
    const ignorePunctuation = !!punctuation;
    const isOther = asked.co !== undefined && stringIndexOf(COLLATIONS, ' ' + asked.co + ' ') >= 0;
    const collation = isOther && usage === 'sort' ? asked.co : 'default';

    const kept = usage === 'search' ? 'search' : collation;
    const locale = kept === 'default' ? 'en' : 'en-u-co-' + kept;
    const wanted = 'en-u-kf-' + caseFirst + (numeric ? '-kn' : '');
    const order = collatorOpen(wanted, sensitivity, ignorePunctuation);
    return {
      locale, usage, sensitivity, ignorePunctuation, numeric, caseFirst, collation, order, bound: undefined,
    };
  };

  service(
    'Collator',
    create,
    {
      resolvedOptions(state) {
        const { locale, usage, sensitivity, ignorePunctuation, numeric, caseFirst, collation } = state;
        return { locale, usage, sensitivity, ignorePunctuation, numeric, caseFirst, collation };
      },
    },
    { compare: (state, a, b) => collatorCompare(state.order, textOf(a), textOf(b)) },
  );

  let plain;
  const { localeCompare } = {
    // The defaults keep `length` 1, and are cheaper than a list of what is left.
    localeCompare(that, locales = undefined, options = undefined) {
      if (this === undefined || this === null) throw new TypeError('Method invoked on undefined or null value.');
      const left = typeof this === 'string' ? this : textOf(this);
      const right = typeof that === 'string' ? that : textOf(that);
      const isPlain = locales === undefined && options === undefined;
      const { order } = isPlain ? (plain ??= create()) : create(locales, options);
      return left === right ? 0 : collatorCompare(order, left, right);
    },
  };
  hide(String.prototype, 'localeCompare', localeCompare);
})
