// `Intl.Collator` and `localeCompare` in English: what comes before what, and every option.
const outcome = (f) => {
  try {
    return f();
  } catch (error) {
    return error.name + ': ' + error.message;
  }
};
const answers = [];
const note = (f) => answers.push(outcome(f));

const words = ['', ' ', '_', '-', ',', '.', '!', '?', '"', '(', '@', '*', '&', '#', '%', '+', '<', '=', '$', '€', '1', '10', '2', '02', '½'];
words.push('a', 'A', 'á', 'a\u0301', 'ä', 'Å', 'æ', 'b', 'B', 'c', 'ç', 'Ç', 'd', 'ð', 'e', 'é', 'È', 'f', 'ß', 'ss', 'SS', 'n', 'ñ', 'o', 'ö', 'ø', 'z');
words.push('a b', 'ab', 'aB', 'Ab', 'AB', 'a-b', 'co-op', 'coop', 'CO-OP', 'cote', 'coté', 'côte', 'côté', 'resume', 'résumé', 'Résumé', 'file2', 'file10');
words.push('ﬁ', 'ａ', 'i', 'ı', 'İ', 'þ', 'ł', 'в', 'ё', 'е', 'ж', 'α', 'ω', 'Ω', 'א', 'ا', 'あ', 'ア', 'ｱ', '中', '文', '가', '각', '\u1100\u1161', '😀', 'x\0y', 'xy', '\u0301');
for (const left of words) note(() => words.map((right) => left.localeCompare(right)).join());
note(() => words.slice().sort((a, b) => a.localeCompare(b) || (a < b ? -1 : 1)));

const choices = [];
for (const sensitivity of [undefined, 'base', 'accent', 'case', 'variant'])
  for (const numeric of [undefined, false, true])
    for (const caseFirst of [undefined, 'upper', 'lower', 'false'])
      for (const ignorePunctuation of [undefined, true]) choices.push({ sensitivity, numeric, caseFirst, ignorePunctuation });
choices.push({ usage: 'search' }, { usage: 'search', sensitivity: 'base' });
for (const choice of choices) {
  note(() => new Intl.Collator('en', choice).resolvedOptions());
  const { compare } = new Intl.Collator('en', choice);
  note(() => words.slice().sort((a, b) => compare(a, b) || (a < b ? -1 : 1)));
  for (const left of ['a', 'coté', 'a-b', 'AB', 'ss', '02', 'ё', '']) note(() => words.map((right) => compare(left, right)).join());
}
note(() => ['a', 'A', 'á', 'b'].map((text) => 'a'.localeCompare(text, 'en', { sensitivity: 'base' })));
note(() => ['v1.10', 'v1.9', 'v01.9', 'v2'].sort((a, b) => a.localeCompare(b, undefined, { numeric: true })));
note(() => ['10', '9', '1'].map((text) => text.localeCompare('9', ['en'], { numeric: true })));
note(() => ['9007199254740993', '9007199254740992', '10000000000000000000000'].sort(new Intl.Collator('en-u-kn').compare));

note(() => Intl.getCanonicalLocales('en-u-foo-bar-kn'));
const tags = [undefined, 'en', 'EN-us', 'en-GB', 'en-u-kn', 'en-u-kn-true', 'en-u-kn-false', 'en-u-kf-upper', 'en-u-kn-kf-lower', 'en-u-kf-upper-kn'];
tags.push('en-u-nu-thai-ca-buddhist-kn', 'de-u-co', 'en-t-de-u-kn-kf-lower', 'en-u-kn-kf-lower-x-u-z-a');
tags.push('en-u-co-phonebk', 'en-u-co-standard', 'en-u-co-search', 'en-u-kn-x-foo', 'en-x-u-kn', ['en-GB', 'en'], 'x_y', 5, null, '', 'tlh');
for (const tag of tags) {
  note(() => new Intl.Collator(tag).resolvedOptions());
  note(() => Intl.Collator.supportedLocalesOf(tag));
  note(() => 'file10'.localeCompare('file2', tag));
}
note(() => new Intl.Collator('en-u-kn-kf-upper', { numeric: false, caseFirst: 'false' }).resolvedOptions());
for (const wrong of [{ usage: 'x' }, { sensitivity: 'x' }, { caseFirst: true }, { localeMatcher: 'x' }, null, 'text', 5]) {
  note(() => new Intl.Collator('en', wrong).resolvedOptions());
  note(() => 'a'.localeCompare('b', 'en', wrong));
}
note(() => {
  const read = [];
  new Intl.Collator('en', new Proxy({}, { get: (target, key) => void read.push(String(key)) }));
  return read;
});
note(() => [Intl.Collator.length, Intl.Collator.name, String(new Intl.Collator()), Object.getOwnPropertyNames(Intl.Collator.prototype)]);
note(() => [Intl.Collator() instanceof Intl.Collator, new Intl.Collator().compare.length, String.prototype.localeCompare.length]);
note(() => [String.prototype.localeCompare.name, Object.keys(String.prototype)]);
for (const self of [null, undefined, 5, {}, Symbol.iterator, 'undefined']) note(() => String.prototype.localeCompare.call(self));
note(() => 'a'.localeCompare(Symbol()));
note(() => new Intl.Collator().compare(Symbol(), 'a'));
note(() => [new Intl.Collator().compare(10, 9), new Intl.Collator().compare(), new Intl.Collator().compare(null, undefined)]);
note(() => Intl.Collator.prototype.resolvedOptions.call({}));
note(() => Object.getOwnPropertyDescriptor(Intl.Collator.prototype, 'compare').get.call({}));
callback(null, answers);
