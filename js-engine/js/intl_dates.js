// Why this file exists: `Intl.DateTimeFormat` and the `toLocale…String` of dates, in the English of Node 10
// (ICU 64). What order the fields come in is ICU's; which rules and names a zone has, Rust knows (src/zones.rs).
(function dates(engine) {
  'use strict';
  const { natives } = engine;
  const { answers, choose, hide, resolve, service } = engine.intl;
  const { arrayPush, dateGetTime, dateNow, floor, regexpExec, stringCharCode, stringSlice, stringToLowerCase } =
    engine.primordials;
  const { stringIndexOf, stringToUpperCase, Date, Number, Object, RangeError, String } =
    engine.primordials;
  const { TypeError } = engine.primordials;

  const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'];
  MONTHS[10] = 'November';
  MONTHS[11] = 'December';
  const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const ERAS = { __proto__: null, long: ['Before Christ', 'Anno Domini'], short: ['BC', 'AD'], narrow: ['B', 'A'] };

  const NAME = ['narrow', 'short', 'long'];
  const DIGITS = ['2-digit', 'numeric'];
  // In the order in which Node 10 reads them.
  const FIELDS = [
    ['weekday', NAME], ['era', NAME], ['year', DIGITS], ['month', ['2-digit', 'numeric', 'narrow', 'short', 'long']],
    ['day', DIGITS], ['hour', DIGITS], ['minute', DIGITS], ['second', DIGITS], ['timeZoneName', ['short', 'long']],
  ];

  // The order of a date's fields: w(eekday), e(ra), y(ear), m(onth as a number) or M (by name), d(ay) are there.
  const ORDERS = {
    __proto__: null,
    '': '', d: '{day}', m: '{month}', md: '{month}/{day}', M: '{month}', Md: '{month} {day}', y: '{year}',
    yd: '{day} {year}', ym: '{month}/{year}', ymd: '{month}/{day}/{year}', yM: '{month} {year}',
    yMd: '{month} {day}, {year}', ed: '{day} {era}', em: '{month} {era}', emd: '{month}/{day} {era}',
    eM: '{era} (month: {month})', eMd: '{month} {day} {era}', ey: '{year} {era}', eyd: '{year} {era} (day: {day})',
    eym: '{month} {year} {era}', eymd: '{month} {day}, {year} {era}', eyM: '{month} {year} {era}',
    eyMd: '{month} {day}, {year} {era}', w: '{weekday}', wd: '{day} {weekday}', wm: '{month} {weekday}',
    wmd: '{weekday}, {month}/{day}', wM: '{weekday} (month: {month})', wMd: '{weekday}, {month} {day}',
    wy: '{year} {weekday}', wyd: '{day} {weekday} {year}', wym: '{month}/{year} {weekday}',
    wymd: '{weekday}, {month}/{day}/{year}', wyM: '{month} {year} {weekday}', wyMd: '{weekday}, {month} {day}, {year}',
    we: '{weekday} {era}', wed: '{day} {weekday} {era}', wem: '{month} {weekday}',
    wemd: '{weekday}, {month}/{day} {era}',
    weM: '{weekday} {era}', weMd: '{weekday}, {month} {day} {era}', wey: '{year} {era} {weekday}',
    weyd: '{day} {weekday} {year} {era}', weym: '{month} {year} {era} {weekday}',
    weymd: '{weekday}, {month} {day}, {year} {era}', weyM: '{month} {year} {era} {weekday}',
    weyMd: '{weekday}, {month} {day}, {year} {era}',
  };

  const dateOrder = ({ weekday, era, year, month, day }) => {
    const isNumber = month === 'numeric' || month === '2-digit';
    let key = (weekday ? 'w' : '') + (era ? 'e' : '') + (year ? 'y' : '');
    key += (month ? (isNumber ? 'm' : 'M') : '') + (day ? 'd' : '');
    // What ICU finds nearer when it has nothing that fits.
    if (key === 'wy' && (weekday === 'short' || (weekday === 'long' && year === '2-digit'))) return '{weekday} {year}';
    if (key === 'yd' && year === 'numeric' && day === '2-digit') return '{year} (day: {day})';
    return ORDERS[key];
  };

  // Of a time's fields; which of them have two digits is decided here too.
  const timeOrder = (fields, isTwelve) => {
    const { hour, minute, second } = fields;
    let order = '';
    if (hour !== undefined) {
      order = '{hour}';
      if (!isTwelve) fields.hour = '2-digit';
      if (minute !== undefined) order += ':{minute}';
      if (minute !== undefined && second !== undefined) order += ':{second}';
      if (isTwelve) order += ' {dayperiod}';
      if (minute === undefined && second !== undefined) {
        fields.second = 'numeric';
        fields.timeZoneName = undefined;
        return order + ' (second: {second})';
      }
    } else if (minute !== undefined) {
      order = second === undefined ? '{minute}' : '{minute}:{second}';
    } else if (second !== undefined) {
      order = '{second}';
    }
    const isAlone = hour === undefined && (minute === undefined || second === undefined);
    if (minute !== undefined) fields.minute = isAlone ? 'numeric' : '2-digit';
    if (second !== undefined) fields.second = isAlone ? 'numeric' : '2-digit';
    return order;
  };

  // 'a {b}, {c}' as ['a ', 'b', ', ', 'c', '']: what stands at odd places are fields.
  const parse = (order) => {
    const parts = [];
    let from = 0;
    for (let at = stringIndexOf(order, '{'); at >= 0; at = stringIndexOf(order, '{', from)) {
      arrayPush(parts, stringSlice(order, from, at));
      from = stringIndexOf(order, '}', at) + 1;
      arrayPush(parts, stringSlice(order, at + 1, from - 1));
    }
    arrayPush(parts, stringSlice(order, from));
    return parts;
  };

  const orderOf = (fields, isTwelve) => {
    const date = dateOrder(fields);
    const time = timeOrder(fields, isTwelve);
    const zone = fields.timeZoneName === undefined ? '' : '{timeZoneName}';
    const isClock = fields.hour !== undefined && fields.minute !== undefined;
    const isWeekdayOnly = date === '{weekday}' && zone === '' && isClock;
    const clock = time === '' || zone === '' ? time + zone : time + ' ' + zone;
    if (date === '' || clock === '') return date + clock;
    return date + (isWeekdayOnly ? ' ' : ', ') + clock;
  };

  // Node 10 knows a zone by `Area/Location`; any name of the database is known here.
  const ZONE = /^[a-z0-9_+-]+(?:\/[a-z0-9_+-]+)*$/i;
  const LOCATION = /^[a-z_-]+(?:\/[a-z_-]+)+$/i;
  const UTC = 'UTC';
  const openZone = (name) => {
    const place = regexpExec(ZONE, name) === null ? -1 : natives.zoneOpen(name);
    if (place >= 0) return place;
    if (regexpExec(LOCATION, name) !== null) throw new RangeError('Unsupported time zone specified ' + titled(name));
    throw new RangeError('Expected Area/Location(/Location)* for time zone, got ' + name);
  };
  // As Node 10 spells a zone in its message: every word with a capital, but "of", "es" and "au".
  const titled = (name) => {
    let text = '';
    let word = '';
    for (let i = 0; i <= name.length; i++) {
      const code = i < name.length ? stringCharCode(name, i) : 47;
      const isEnd = code === 47 || code === 95 || code === 45;
      if (!isEnd) {
        word += stringSlice(name, i, i + 1);
        continue;
      }
      const small = stringToLowerCase(word);
      const isSmall = small === 'of' || small === 'es' || small === 'au';
      text += isSmall ? small : stringToUpperCase(stringSlice(small, 0, 1)) + stringSlice(small, 1);
      text += i < name.length ? stringSlice(name, i, i + 1) : '';
      word = '';
    }
    return text;
  };

  // `required` and `fallback`: which of the fields must be there, and which are if none of those is: date, time, any.
  const create = (locales, options, required, fallback) => {
    if (options === null) throw new TypeError('Cannot convert undefined or null to object');
    const given = options === undefined ? { __proto__: null } : Object(options);
    const locale = resolve(locales, ['ca-gregory', 'nu-latn']);
    choose(given, 'localeMatcher', ['lookup', 'best fit'], 'dateformat');
    const fields = { __proto__: null };
    for (let i = 0; i < FIELDS.length; i++) {
      fields[FIELDS[i][0]] = choose(given, FIELDS[i][0], FIELDS[i][1], 'dateformat');
    }
    let isTwelve = given.hour12;
    isTwelve = isTwelve === undefined ? true : !!isTwelve;
    choose(given, 'formatMatcher', ['basic', 'best fit'], 'dateformat');
    const zone = given.timeZone === undefined ? UTC : String(given.timeZone);
    const { weekday, year, month, day, hour, minute, second } = fields;
    const hasDate = required !== 'time' && (weekday ?? year ?? month ?? day) !== undefined;
    const hasTime = required !== 'date' && (hour ?? minute ?? second) !== undefined;
    if (!hasDate && !hasTime) {
      if (fallback !== 'time') fields.year = fields.month = fields.day = 'numeric';
      if (fallback !== 'date') fields.hour = fields.minute = fields.second = 'numeric';
    }
    const parts = parse(orderOf(fields, isTwelve));
    return { locale, zone: openZone(zone), fields, isTwelve, parts, bound: undefined };
  };

  const two = (number) => (number < 10 ? '0' + number : '' + number);

  // A zone without an English name: how far it is from Greenwich.
  const distance = (seconds, isLong) => {
    if (seconds === 0) return 'GMT';
    const size = seconds < 0 ? -seconds : seconds;
    const hours = floor(size / 3600);
    const minutes = floor(size / 60) % 60;
    const rest = size % 60;
    let text = 'GMT' + (seconds < 0 ? '-' : '+') + (isLong ? two(hours) : hours);
    if (isLong || minutes > 0 || rest > 0) text += ':' + two(minutes);
    if (rest > 0) text += ':' + two(rest);
    return text;
  };

  // Days since 1970 as a date of the Gregorian calendar, which is carried on before its beginning.
  const calendar = (days) => {
    const z = days + 719468;
    const era = floor(z / 146097);
    const dayOfEra = z - era * 146097;
    const leapDays = floor(dayOfEra / 1460) - floor(dayOfEra / 36524) + floor(dayOfEra / 146096);
    const yearOfEra = floor((dayOfEra - leapDays) / 365);
    const dayOfYear = dayOfEra - (365 * yearOfEra + floor(yearOfEra / 4) - floor(yearOfEra / 100));
    const shifted = floor((5 * dayOfYear + 2) / 153);
    const month = shifted < 10 ? shifted + 2 : shifted - 10;
    const year = yearOfEra + era * 400 + (month < 2 ? 1 : 0);
    return { __proto__: null, year, month, day: dayOfYear - floor((153 * shifted + 2) / 5) + 1 };
  };

  const textOf = (field, style, at) => {
    switch (field) {
      case 'weekday': {
        const name = DAYS[(((at.days + 4) % 7) + 7) % 7];
        return style === 'long' ? name : stringSlice(name, 0, style === 'short' ? 3 : 1);
      }
      case 'era':
        return ERAS[style][at.year > 0 ? 1 : 0];
      case 'month':
        if (style === 'long') return MONTHS[at.month];
        if (style === 'short' || style === 'narrow') return stringSlice(MONTHS[at.month], 0, style === 'short' ? 3 : 1);
        return style === '2-digit' ? two(at.month + 1) : '' + (at.month + 1);
      case 'year': {
        const year = at.year > 0 ? at.year : 1 - at.year;
        return style === '2-digit' ? two(year % 100) : '' + year;
      }
      case 'dayperiod':
        return at.hour < 12 ? 'AM' : 'PM';
      case 'timeZoneName':
        return natives.zoneTitle(at.zone, at.time, style === 'long') || distance(at.offset, style === 'long');
      case 'hour': {
        const hour = at.isTwelve ? (at.hour + 11) % 12 + 1 : at.hour;
        return style === '2-digit' ? two(hour) : '' + hour;
      }
      default:
        return style === '2-digit' ? two(at[field]) : '' + at[field];
    }
  };

  // Calls `add` for each part of a date's text.
  const write = (state, value, add) => {
    const time = value === undefined ? dateNow() : Number(value);
    if (!(time >= -864e13 && time <= 864e13)) throw new RangeError('Invalid time value');
    const offset = natives.zoneOffset(state.zone, time);
    const seconds = floor(time / 1000) + offset;
    const days = floor(seconds / 86400);
    const at = calendar(days);
    const rest = seconds - days * 86400;
    at.days = days;
    at.hour = floor(rest / 3600);
    at.minute = floor(rest / 60) % 60;
    at.second = rest % 60;
    at.isTwelve = state.isTwelve;
    at.time = time;
    at.zone = state.zone;
    at.offset = offset;
    const { parts, fields } = state;
    for (let i = 0; i < parts.length; i++) {
      if (i % 2 === 1) add(parts[i], textOf(parts[i], fields[parts[i]], at));
      else if (parts[i] !== '') add('literal', parts[i]);
    }
  };

  const { format, formatToParts } = answers(write);

  const RESOLVED = ['timeZoneName', 'era', 'year', 'month', 'day', 'weekday', 'hour', 'minute', 'second'];
  const resolvedOptions = (state) => {
    const options = { locale: state.locale, numberingSystem: 'latn', calendar: 'gregory' };
    options.timeZone = natives.zoneId(state.zone);
    for (let i = 0; i < RESOLVED.length; i++) {
      const name = RESOLVED[i];
      if (state.fields[name] === undefined) continue;
      if (name === 'hour') options.hour12 = state.isTwelve;
      // Node 10 says so of the long name too.
      options[name] = name === 'timeZoneName' ? 'short' : state.fields[name];
    }
    return options;
  };

  const createAny = (locales, options) => create(locales, options, 'any', 'date');
  service('DateTimeFormat', createAny, { formatToParts, resolvedOptions }, { format });

  // The three of `Date`. Without arguments they always say the same.
  const define = (name, required, fallback) => {
    let plain;
    const method = {
      [name](...args) {
        const time = dateGetTime(this);
        if (time !== time) return 'Invalid Date';
        if (args[0] === undefined && args[1] === undefined) {
          plain ??= create(undefined, undefined, required, fallback);
          return format(plain, time);
        }
        return format(create(args[0], args[1], required, fallback), time);
      },
    }[name];
    hide(Date.prototype, name, method);
  };
  define('toLocaleString', 'any', 'all');
  define('toLocaleDateString', 'date', 'date');
  define('toLocaleTimeString', 'time', 'time');
})
