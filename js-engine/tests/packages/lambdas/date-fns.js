const fns = require('date-fns');
const { de } = require('date-fns/locale');

const lambda = async () => {
  const day = new Date(Date.UTC(2020, 1, 29, 12));
  return [
    fns.format(day, "EEEE, do MMMM yyyy 'at' HH:mm"), fns.format(day, 'PPPP', { locale: de }), fns.addMonths(day, 12).toISOString(), fns.differenceInBusinessDays(new Date(Date.UTC(2020, 2, 31)), day),
    fns.eachDayOfInterval({ start: day, end: fns.addDays(day, 2) }).map((d) => d.toISOString()), fns.parse('02.03.2021', 'dd.MM.yyyy', new Date(0)).toISOString(), fns.formatDistance(day, new Date(0)), fns.getISOWeek(day),
    fns.formatDuration({ years: 2, days: 1 }), fns.isWithinInterval(day, { start: new Date(0), end: new Date(1e13) }), fns.parseISO('2020-W10-3').toISOString(), fns.formatRelative(day, fns.addDays(day, 2)), fns.isValid(new Date('x')),
  ];
};
