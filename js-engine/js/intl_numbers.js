// Why this file exists: `Intl.NumberFormat` and `Intl.PluralRules` in the English of Node 10 (ICU 64), and
// `toLocaleString` of numbers.
(function numbers(engine) {
  'use strict';
  const { answers, choose, hide, listOf, publish, resolve, service } = engine.intl;
  const { bigintToString, floor, numberToExponential } = engine.primordials;
  const { numberValueOf, regexpExec, stringIndexOf, stringSlice, stringToUpperCase, unbox, BigInt, Number, Object } =
    engine.primordials;
  const { RangeError, String, TypeError } = engine.primordials;

  // Currencies that English has a sign for, and those that have not two digits behind the point.
  const SIGNS = {
    __proto__: null, USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹', CNY: 'CN¥', KRW: '₩', ILS: '₪', BRL: 'R$',
    CAD: 'CA$', AUD: 'A$', MXN: 'MX$', NZD: 'NZ$', VND: '₫', XAF: 'FCFA', XOF: 'CFA', XPF: 'CFPF', TWD: 'NT$',
    HKD: 'HK$', XCD: 'EC$',
  };
  const PLACES = {
    __proto__: null, BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0,
    VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4,
  };

  const countOption = (options, name, least, most, otherwise) => {
    const value = options[name];
    if (value === undefined) return otherwise;
    const number = Number(value);
    if (!(number >= least && number <= most)) throw new RangeError(name + ' value is out of range.');
    return floor(number);
  };

  // How many digits are written: what NumberFormat and PluralRules have in common.
  const digitOptions = (options, leastPlaces, mostPlaces) => {
    const digits = { __proto__: null, minimumIntegerDigits: countOption(options, 'minimumIntegerDigits', 1, 21, 1) };
    const least = countOption(options, 'minimumFractionDigits', 0, 20, leastPlaces);
    digits.minimumFractionDigits = least;
    const most = least > mostPlaces ? least : mostPlaces;
    digits.maximumFractionDigits = countOption(options, 'maximumFractionDigits', least, 20, most);
    const { minimumSignificantDigits: fewest, maximumSignificantDigits: mostSignificant } = options;
    if (fewest !== undefined || mostSignificant !== undefined) {
      const given = { __proto__: null, minimumSignificantDigits: fewest, maximumSignificantDigits: mostSignificant };
      digits.minimumSignificantDigits = countOption(given, 'minimumSignificantDigits', 1, 21, 1);
      const { minimumSignificantDigits: lower } = digits;
      digits.maximumSignificantDigits = countOption(given, 'maximumSignificantDigits', lower, 21, 21);
    }
    return digits;
  };

  const create = (locales, options) => {
    if (options === null) throw new TypeError('Cannot convert undefined or null to object');
    const given = options === undefined ? { __proto__: null } : Object(options);
    const locale = resolve(locales, ['nu-latn']);
    choose(given, 'localeMatcher', ['lookup', 'best fit'], 'numberformat');
    const style = choose(given, 'style', ['decimal', 'percent', 'currency'], 'numberformat', 'decimal');
    let currency = given.currency;
    if (currency !== undefined) {
      currency = String(currency);
      if (regexpExec(/^[a-z]{3}$/i, currency) === null) throw new RangeError('Invalid currency code: ' + currency);
    }
    if (style === 'currency' && currency === undefined) {
      throw new TypeError('Currency code is required with currency style.');
    }
    const display = choose(given, 'currencyDisplay', ['code', 'symbol', 'name'], 'numberformat', 'symbol');
    currency = style === 'currency' ? stringToUpperCase(currency) : undefined;
    const places = PLACES[currency] ?? 2;
    const most = { __proto__: null, currency: places, percent: 0, decimal: 3 }[style];
    const digits = digitOptions(given, style === 'currency' ? places : 0, most);
    const grouping = given.useGrouping;
    const useGrouping = grouping === undefined ? true : !!grouping;
    return { locale, style, currency, display, digits, useGrouping, bound: undefined };
  };

  // The digits of a finite number that is not negative, 12.5 as { digits: '125', point: 2 }: the shortest that mean it.
  const decimal = (value) => {
    const text = typeof value === 'bigint' ? bigintToString(value) : numberToExponential(value);
    const e = stringIndexOf(text, 'e');
    if (e < 0) return { digits: text, point: text.length };
    const dot = stringIndexOf(text, '.');
    const digits = dot < 0 ? stringSlice(text, 0, e) : stringSlice(text, 0, dot) + stringSlice(text, dot + 1, e);
    return { digits, point: Number(stringSlice(text, e + 1)) + 1 };
  };

  const zeros = (count) => {
    let text = '';
    for (let i = 0; i < count; i++) text += '0';
    return text;
  };

  // Keeps so many digits, rounding halves away from zero, as ICU is told to.
  const round = (number, kept) => {
    const { digits, point } = number;
    if (kept >= digits.length) return number;
    if (kept < 0) return { digits: '0', point: 1 };
    let isUp = stringSlice(digits, kept, kept + 1) >= '5';
    let result = '';
    for (let i = kept - 1; i >= 0; i--) {
      let digit = Number(stringSlice(digits, i, i + 1));
      if (isUp) digit = (digit + 1) % 10;
      isUp = isUp && digit === 0;
      result = digit + result;
    }
    if (isUp) return { digits: '1' + result, point: point + 1 };
    return result === '' ? { digits: '0', point: 1 } : { digits: result, point };
  };

  // The digits in front of the point and behind it.
  const write = (value, options, shift) => {
    let number = decimal(value);
    if (number.digits !== '0') number.point += shift;
    const isZero = number.digits === '0';
    const { minimumSignificantDigits: fewest, maximumSignificantDigits: most } = options;
    let least;
    if (most !== undefined) {
      number = round(number, most);
      least = fewest - (isZero ? 1 : number.point);
    } else {
      number = round(number, number.point + options.maximumFractionDigits);
      least = options.minimumFractionDigits;
    }
    const { digits, point } = number;
    let integer = point > 0 ? stringSlice(digits, 0, point) + zeros(point - digits.length) : '0';
    let fraction = point >= digits.length ? '' : zeros(-point) + stringSlice(digits, point > 0 ? point : 0);
    while (fraction !== '' && stringSlice(fraction, fraction.length - 1) === '0' && fraction.length > least) {
      fraction = stringSlice(fraction, 0, fraction.length - 1);
    }
    fraction += zeros(least - fraction.length);
    integer = zeros(options.minimumIntegerDigits - integer.length) + integer;
    return { integer, fraction };
  };

  const numeric = (value) => {
    if (typeof value === 'object' && value !== null) value = unbox(value) ?? value;
    return typeof value === 'bigint' ? value : Number(value);
  };

  const each = (state, given, add) => {
    const value = numeric(given);
    const isNegative = value < 0 || (value === 0 && 1 / Number(value) < 0);
    const isFinite = value === value && value !== Infinity && value !== -Infinity;
    const { style, currency, display } = state;
    if (isNegative) add('minusSign', '-');
    if (style === 'currency' && display !== 'name') {
      const sign = display === 'symbol' ? (SIGNS[currency] ?? currency) : currency;
      add('currency', sign);
      // A sign that ends in a letter stands apart from a digit.
      if (isFinite && regexpExec(/[A-Z]$/, sign) !== null) add('literal', '\u00a0');
    }
    if (!isFinite) {
      add(value !== value ? 'nan' : 'infinity', value !== value ? 'NaN' : '∞');
    } else {
      const { integer, fraction } = write(value < 0 ? -value : value, state.digits, style === 'percent' ? 2 : 0);
      const first = state.useGrouping ? integer.length % 3 || 3 : integer.length;
      add('integer', stringSlice(integer, 0, first));
      for (let i = first; i < integer.length; i += 3) {
        add('group', ',');
        add('integer', stringSlice(integer, i, i + 3));
      }
      if (fraction !== '') {
        add('decimal', '.');
        add('fraction', fraction);
      }
    }
    if (style === 'percent') add('percentSign', '%');
    if (style === 'currency' && display === 'name') {
      add('literal', ' ');
      add('currency', currency);
    }
  };

  const { format: written, formatToParts } = answers(each);
  const format = (state, value) => {
    value = numeric(value);
    // Node 10 gives the zero below zero no sign, unless it is asked for parts.
    return written(state, value === 0 ? 0 : value);
  };
  const addDigits = (options, digits) => {
    options.minimumIntegerDigits = digits.minimumIntegerDigits;
    options.minimumFractionDigits = digits.minimumFractionDigits;
    options.maximumFractionDigits = digits.maximumFractionDigits;
    if (digits.maximumSignificantDigits !== undefined) {
      options.minimumSignificantDigits = digits.minimumSignificantDigits;
      options.maximumSignificantDigits = digits.maximumSignificantDigits;
    }
    return options;
  };
  const resolvedOptions = (state) => {
    const { locale, style, useGrouping } = state;
    const options = { locale, numberingSystem: 'latn', style, useGrouping };
    addDigits(options, state.digits);
    if (state.currency === undefined) return options;
    options.currency = state.currency;
    options.currencyDisplay = state.display;
    return options;
  };
  service('NumberFormat', create, { formatToParts, resolvedOptions }, { format });

  let plain;
  const localized = (valueOf) =>
    ({
      toLocaleString(...args) {
        const value = valueOf(this);
        if (args[0] === undefined && args[1] === undefined) return format((plain ??= create()), value);
        return format(create(args[0], args[1]), value);
      },
    }).toLocaleString;
  hide(Number.prototype, 'toLocaleString', localized(numberValueOf));
  hide(BigInt.prototype, 'toLocaleString', localized(engine.primordials.uncurry(BigInt.prototype.valueOf)));

  // The plural forms of English: of a count by what is written, of a place by its last digits.
  const select = (state, given) => {
    const value = Number(given);
    const size = value < 0 ? -value : value;
    if (size !== size || size === Infinity) return 'other';
    const { integer, fraction } = write(size, state.digits, 0);
    if (state.type === 'cardinal') return integer === '1' && Number(fraction) === 0 ? 'one' : 'other';
    if (Number(fraction) !== 0) return 'other';
    const last = Number(stringSlice(integer, -2));
    if (last >= 11 && last <= 13) return 'other';
    return ['other', 'one', 'two', 'few'][last % 10] ?? 'other';
  };
  service(
    'PluralRules',
    (locales, options) => {
      if (options === null) throw new TypeError('Cannot convert undefined or null to object');
      const given = options === undefined ? { __proto__: null } : Object(options);
      const locale = resolve(locales, []);
      choose(given, 'localeMatcher', ['lookup', 'best fit'], 'pluralrules');
      const type = choose(given, 'type', ['cardinal', 'ordinal'], 'pluralrules', 'cardinal');
      return { locale, type, digits: digitOptions(given, 0, 3), bound: undefined };
    },
    {
      select,
      resolvedOptions(state) {
        const options = addDigits({ locale: state.locale, type: state.type }, state.digits);
        options.pluralCategories = state.type === 'cardinal' ? ['one', 'other'] : ['few', 'one', 'two', 'other'];
        return options;
      },
    },
    {},
  );

  publish('getCanonicalLocales', { getCanonicalLocales: (locales) => listOf(locales) }.getCanonicalLocales);
})
