const { DateTime, Duration, Interval } = require('luxon');

const lambda = async () => {
  const day = DateTime.fromISO('2020-02-29T13:14:15.678Z', { zone: 'utc' });
  return [
    day.toISO(), day.plus({ years: 1, hours: 12 }).toISODate(), day.toFormat('yyyy-LL-dd HH:mm:ss.SSS ZZ o kkkk WW'), day.setZone('utc+5').toISO(), day.diff(DateTime.fromISO('2019-01-01', { zone: 'utc' }), ['months', 'days']).toObject(),
    Duration.fromISO('PT36H5M').shiftTo('days', 'hours', 'minutes').toObject(), Interval.fromISO('2020-01-01/2020-03-01', { zone: 'utc' }).splitBy({ months: 1 }).length, DateTime.fromFormat('03/04/2021 5:06', 'dd/MM/yyyy H:mm', { zone: 'utc' }).toISO(),
    DateTime.fromHTTP('Sun, 06 Nov 1994 08:49:37 GMT').toUTC().toISO(), DateTime.fromISO('nonsense').invalidReason, day.startOf('week').toISODate(), day.toRFC2822(), day.setZone('Europe/Berlin').toISO(), day.toFormat('cccc d LLLL'),
    day.setLocale('de').toLocaleString(DateTime.DATE_FULL),
  ];
};
