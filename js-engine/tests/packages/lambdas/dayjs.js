const dayjs = require('dayjs');
dayjs.extend(require('dayjs/plugin/utc'));
dayjs.extend(require('dayjs/plugin/duration'));
dayjs.extend(require('dayjs/plugin/relativeTime'));
dayjs.extend(require('dayjs/plugin/customParseFormat'));
dayjs.extend(require('dayjs/plugin/isoWeek'));

const lambda = async () => {
  const day = dayjs.utc('2020-12-31T23:59:59Z');
  return [
    day.format('ddd DD MMM YYYY HH:mm:ss Z'), day.add(1, 'month').toISOString(), day.isoWeek(), day.endOf('year').valueOf(), dayjs.utc('05/02/69 1:02:03 PM -05:00', 'MM/DD/YY H:mm:ss A Z').toISOString(),
    dayjs.duration({ hours: 25, minutes: 61 }).toISOString(), dayjs.utc('2020-01-01').from(day), day.diff('2020-01-01', 'week'), day.utcOffset(120).format(), day.toJSON(),
  ];
};
