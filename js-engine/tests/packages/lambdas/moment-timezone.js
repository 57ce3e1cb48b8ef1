const moment = require('moment-timezone');

const lambda = async () => {
  const at = moment.utc('2021-03-28T00:59:59Z');
  const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
  return [
    zones.map((zone) => at.clone().tz(zone).format('YYYY-MM-DD HH:mm:ss z Z')), zones.map((zone) => at.clone().add(1, 's').tz(zone).format()), moment.tz('2021-10-31 02:30', 'Europe/Berlin').toISOString(),
    moment.tz('2020-06-01 12:00', 'America/Los_Angeles').isDST(), moment.tz.zone('Europe/London').abbr(1403465838805), moment.tz.names().length,
  ];
};
