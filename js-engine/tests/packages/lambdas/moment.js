const moment = require('moment');
require('moment/locale/de');

const lambda = async () => {
  moment.locale('en');
  const day = moment.utc('2020-02-29T13:14:15.678Z');
  return [
    day.format('dddd, MMMM Do YYYY, h:mm:ss a [week] w'), day.clone().add(1, 'year').toISOString(), day.clone().locale('de').format('LLLL'), day.clone().startOf('isoWeek').format(), day.isBefore('2021-01-01'),
    moment.duration(98765432).humanize(), moment.duration('P1Y2M3DT4H5M6S').asDays(), moment.utc('03.04.2021 05:06', 'DD.MM.YYYY HH:mm', true).unix(), moment('nonsense', 'YYYY', true).isValid(),
    day.from(moment.utc('2020-03-05')), day.diff(moment.utc('2019-01-01'), 'months', true), day.daysInMonth(), moment.parseZone('2020-01-01T00:00:00+05:30').format(), day.calendar(moment.utc('2020-03-01')),
  ];
};
