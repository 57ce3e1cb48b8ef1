// Why this file exists: make.mjs runs it in two Nodes, because only the old one knows Node 10's names of zones and only a
// later one the zones that came since. Zones come in on stdin as JSON; out goes, for each that this Node has, the name
// it goes by, and `[second, offset, short name, long name]` wherever one of the three changes.
'use strict';
const { stdin, end, step } = JSON.parse(require('fs').readFileSync(0, 'utf8'));

const partsOf = (formatter, time) => {
  const parts = {};
  for (const { type, value } of formatter.formatToParts(time)) parts[type] = value;
  return parts;
};

function walk(timeZone) {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' };
  const formatter = (options) => new Intl.DateTimeFormat('en-US', Object.assign({ timeZone, hour12: false }, fields, options));
  const [short, long] = [formatter({ timeZoneName: 'short' }), formatter({ timeZoneName: 'long' })];
  const changes = [];
  let before;
  for (let second = 0; second < end; second += step) {
    const time = second * 1000;
    const { year, month, day, hour, minute, second: seconds, timeZoneName } = partsOf(short, time);
    // An hour 24 is how some Nodes write midnight.
    const local = Date.UTC(year, month - 1, day, hour % 24, minute, seconds);
    const now = [(local - time) / 1000, timeZoneName, partsOf(long, time).timeZoneName];
    if (String(now) !== before) changes.push([second].concat(now));
    before = String(now);
  }
  return { name: short.resolvedOptions().timeZone, changes };
}

const known = {};
for (const zone of stdin) {
  try {
    known[zone] = walk(zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
process.stdout.write(JSON.stringify(known));
