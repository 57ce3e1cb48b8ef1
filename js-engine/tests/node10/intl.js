// Dates, zones, numbers and plurals of `Intl`, in the English that came with Node 10; and luxon's zones on top of them.
const { DateTime, IANAZone, Interval, Settings } = require('luxon');
const outcome = (f) => {
  try {
    return f();
  } catch (error) {
    return error.name + ': ' + error.message;
  }
};
const answers = [];
const note = (f) => answers.push(outcome(f));

// Every usual choice of fields, alone and with a time.
const day = new Date(Date.UTC(2009, 2, 5, 14, 6, 8, 90));
const choices = [undefined, 'numeric', '2-digit'];
for (const weekday of [undefined, 'narrow', 'short', 'long'])
  for (const month of [undefined, 'numeric', '2-digit', 'narrow', 'short', 'long'])
    for (const year of choices)
      for (const hour of choices)
        for (const timeZoneName of [undefined, 'short', 'long']) {
          const options = { timeZone: 'America/New_York', weekday, month, year, hour, timeZoneName };
          if (month !== undefined) options.day = 'numeric';
          if (hour !== undefined) options.minute = '2-digit';
          note(() => day.toLocaleString('en-US', options));
        }
for (const hour12 of [true, false])
  for (let hour = 0; hour < 24; hour++) {
    note(() => new Date(Date.UTC(2020, 0, 1, hour, 5)).toLocaleTimeString('en', { hour12, timeZone: 'Asia/Kolkata' }));
    note(() => new Date(Date.UTC(2020, 0, 1, hour)).toLocaleTimeString('en', { hour12, hour: 'numeric' }));
  }
note(() => [day.toLocaleString(), day.toLocaleDateString(), day.toLocaleTimeString(), day.toLocaleString('de-DE')]);
note(() => [day.toLocaleDateString('en', { hour: 'numeric' }), day.toLocaleTimeString('en', { year: 'numeric' })]);
note(() => [new Date(NaN).toLocaleString(), [1234.5, new Date(0), null].toLocaleString()]);
note(() => new Intl.DateTimeFormat('en', { era: 'long' }).formatToParts(new Date(-62135596800001)));
note(() => [8.64e15, -8.64e15, -12219292800001].map((time) => new Date(time).toLocaleString('en', { era: 'short' })));
note(() => new Intl.DateTimeFormat().format(NaN));

// Zones: the ends and beginnings of daylight saving time, names long and short.
const zones = ['UTC', 'gmt', 'Etc/UTC', 'America/New_York', 'america/los_angeles', 'America/St_Johns', 'Europe/London', 'Europe/Dublin'];
zones.push('Europe/Berlin', 'Europe/Lisbon', 'Asia/Kolkata', 'Asia/Tokyo', 'Australia/Sydney', 'Australia/Lord_Howe');
zones.push('Pacific/Auckland', 'Pacific/Honolulu', 'Asia/Kathmandu', 'Africa/Johannesburg', 'America/Argentina/Buenos_Aires');
for (const timeZone of zones) {
  const formatter = (timeZoneName) => new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName, hour: 'numeric', day: 'numeric' });
  for (const timeZoneName of ['short', 'long']) {
    note(() => formatter(timeZoneName).resolvedOptions());
    for (let month = 0; month < 24; month++) note(() => formatter(timeZoneName).format(Date.UTC(2018, month, 28, 1, 30)));
  }
}
for (const minute of [59, 60, 61, 119, 120, 121]) {
  const summer = Date.UTC(2019, 2, 31, 0, minute);
  const winter = Date.UTC(2019, 9, 27, 0, minute);
  note(() => [summer, winter].map((time) => new Date(time).toLocaleString('en', { timeZone: 'Europe/Berlin', timeZoneName: 'short' })));
}
for (const timeZone of ['Mars/Olympus_mons', 'nowhere', '+05:00', '', 'Europe/Berlin ']) {
  note(() => new Intl.DateTimeFormat('en', { timeZone }));
}

// Locales.
const tags = [undefined, 'en', 'en-US', 'EN-latn-us', 'de', ['fr', 'en-GB'], 'en-u-nu-latn', 'en-US-u-ca-gregory', 'iw', 'zh-cmn-Hans', 'x_y', 5, null];
tags.push(['en', 'en'], [5], 'i-klingon', 'en-US-x-foo', '');
for (const tag of tags) {
  note(() => Intl.getCanonicalLocales(tag));
  for (const name of ['DateTimeFormat', 'NumberFormat', 'PluralRules']) {
    note(() => Intl[name].supportedLocalesOf(tag));
    note(() => new Intl[name](tag).resolvedOptions());
  }
}
for (const name of ['DateTimeFormat', 'NumberFormat', 'PluralRules']) {
  note(() => [Intl[name].length, Intl[name].name, String(new Intl[name]()), Object.keys(Intl[name].prototype)]);
  note(() => Intl[name].prototype.resolvedOptions.call({}));
}
note(() => [Intl.DateTimeFormat() instanceof Intl.DateTimeFormat, new Intl.DateTimeFormat().format.length]);
note(() => new Intl.DateTimeFormat('en', { year: 'x' }));

// Numbers.
const values = [0, -0, 1, -1.5, 1234.5, -1234567.891, 1e21, 1e-7, 0.1 + 0.2, 1.005, 2.5, 0.256, 123456, 999999.9999, NaN, Infinity, -Infinity];
const options = [undefined, { maximumFractionDigits: 0 }, { minimumFractionDigits: 2 }, { minimumFractionDigits: 1, maximumFractionDigits: 2 }];
options.push({ useGrouping: false }, { minimumIntegerDigits: 3 }, { maximumSignificantDigits: 3 }, { minimumSignificantDigits: 4 });
options.push({ style: 'percent' }, { style: 'percent', maximumFractionDigits: 1 }, { maximumFractionDigits: 20 });
for (const currency of ['USD', 'eur', 'JPY', 'CHF', 'KWD', 'XAF']) options.push({ style: 'currency', currency });
options.push({ style: 'currency', currency: 'USD', currencyDisplay: 'code' });
for (const option of options) {
  for (const value of values) note(() => value.toLocaleString('en', option));
  note(() => new Intl.NumberFormat('en', option).resolvedOptions());
  note(() => new Intl.NumberFormat('en', option).formatToParts(-1234.5));
}
for (const wrong of [{ style: 'currency' }, { style: 'x' }, { maximumFractionDigits: 21 }, { currency: 'US' }, { minimumIntegerDigits: 0 }]) {
  note(() => (1).toLocaleString('en', wrong));
}
note(() => [1, 2, 3].map(new Intl.NumberFormat('en', { minimumFractionDigits: 1 }).format));
for (const type of ['cardinal', 'ordinal']) {
  const rules = new Intl.PluralRules('en', { type });
  note(() => [0, 1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111, 1.5, -1, NaN].map((count) => rules.select(count)));
}

// luxon.
note(() => [Settings.defaultZoneName, DateTime.utc().zoneName, DateTime.fromMillis(0).toISO()]);
for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Nowhere']) {
  const at = (text) => DateTime.fromISO(text, { zone });
  note(() => IANAZone.isValidZone(zone));
  for (const text of ['2019-03-10T02:30', '2019-03-31T02:30', '2019-10-27T02:30', '2019-11-03T01:30', '2019-07-01', '1969-12-31']) {
    note(() => [at(text).toISO(), at(text).offset, at(text).isInDST, at(text).offsetNameShort, at(text).offsetNameLong]);
    note(() => [at(text).plus({ hours: 1 }).toISO(), at(text).plus({ days: 1 }).toISO(), at(text).startOf('day').toUTC().toISO()]);
    note(() => at(text).toFormat('ZZ ZZZ ZZZZ ZZZZZ z cccc d LLLL yyyy G h:mm a'));
  }
  note(() => at('2020-02-29T13:14').setZone('utc').setZone(zone, { keepLocalTime: true }).toString());
}
const moment = DateTime.fromISO('2020-02-29T13:14:15.678Z', { zone: 'Europe/Paris' });
for (const name of Object.keys(DateTime).filter((key) => /^(DATE|TIME|DATETIME)_/.test(key))) {
  note(() => [name, moment.toLocaleString(DateTime[name]), moment.toLocaleParts(DateTime[name])]);
}
note(() => [moment.setLocale('de').toLocaleString(DateTime.DATE_FULL), moment.setLocale('fr').toFormat('LLLL cccc')]);
note(() => [DateTime.fromFormat('May 25, 1982 3:04 PM', 'LLLL d, yyyy h:mm a', { zone: 'America/Chicago' }).toISO()]);
note(() => Interval.fromDateTimes(moment, moment.plus({ months: 1 })).toFormat('D', { separator: ' to ' }));
note(() => moment.diff(moment.minus({ days: 40 }), ['months', 'days', 'hours']).toObject());
callback(null, answers);
