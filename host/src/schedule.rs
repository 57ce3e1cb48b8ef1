//! When a lambda is to run by itself: a cron expression in UTC, to the minute.

use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::lambda::Setting;

/// Longest cron expression.
const MAX_EXPRESSION: usize = 200;

const NAMES: [&str; 19] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC", "SUN", "MON", "TUE",
    "WED", "THU", "FRI", "SAT",
];

/// A cron expression of five fields: minute, hour, day of month, month (1-12), day of week (0-7).
#[derive(Debug)]
pub(crate) struct Expression(Cron);

impl Expression {
    /// # Errors
    /// A sentence that says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        if fields.len() != 5 || text.len() > MAX_EXPRESSION {
            return Err(
                "it must have five fields: minute, hour, day of month, month (1-12), day of week (0-7)"
                    .to_owned(),
            );
        }
        // The library knows extensions that the platform does not.
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '*')
                || NAMES.iter().any(|name| name.eq_ignore_ascii_case(part))
        };
        if let Some(field) = fields.iter().find(|field| !field.split([',', '-', '/']).all(plain)) {
            let shown: String = field.escape_debug().take(40).collect();
            return Err(format!("`{shown}` must be of numbers, `*`, `,`, `-`, `/` and names"));
        }
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(&fields.join(" ")).map_err(|error| error.to_string())?;
        let expression = Self(cron);
        match expression.next_after(0) {
            Some(_) => Ok(expression),
            None => Err("it never comes true".to_owned()),
        }
    }

    /// The first time after `ms` that it comes true.
    pub(crate) fn next_after(&self, ms: u64) -> Option<u64> {
        let timestamp = Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
        let now: DateTime = timestamp.to_zoned(TimeZone::UTC).datetime();
        let next = self.0.find_next_occurrence(&now, false).ok()?;
        u64::try_from(TimeZone::UTC.to_timestamp(next).ok()?.as_millisecond()).ok()
    }
}

/// What a scheduled run sends, besides the time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ScheduledInput {
    #[serde(default)]
    pub(crate) headers: Vec<Setting>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) payload: Option<Box<RawValue>>,
}

/// A schedule as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ScheduleRecord {
    pub(crate) uuid: Uuid,
    pub(crate) account: String,
    pub(crate) lambda: Uuid,
    pub(crate) expression: String,
    pub(crate) active: bool,
    pub(crate) input: Option<ScheduledInput>,
    pub(crate) created_by: String,
    /// The newest tick that was given out. Written before the lambda runs, so that none runs twice.
    pub(crate) claimed: u64,
    /// When it ran last, and whether that failed; `None` while it runs.
    pub(crate) last_execution: Option<u64>,
    pub(crate) last_failed: Option<bool>,
}

impl ScheduleRecord {
    /// The next tick, never one that was given out already, whatever the clock says.
    pub(crate) fn next(&self, now: u64) -> Option<u64> {
        Expression::parse(&self.expression).ok()?.next_after(now.max(self.claimed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;
    const DAY: u64 = 24 * 60 * MINUTE;

    fn next(expression: &str, after: u64) -> u64 {
        Expression::parse(expression).unwrap().next_after(after).unwrap()
    }

    #[test]
    fn ticks_are_to_the_minute_in_utc() {
        assert_eq!(next("* * * * *", 0), MINUTE);
        assert_eq!(next("* * * * *", MINUTE - 1), MINUTE);
        assert_eq!(next("*/15 * * * *", MINUTE), 15 * MINUTE);
        assert_eq!(next("30 2 * * *", 0), 150 * MINUTE);
        // 1970-01-01 was a Thursday; Sunday is 0 and 7.
        assert_eq!(next("0 0 * * 0", 0), 3 * DAY);
        assert_eq!(next("0 0 * * 7", 0), 3 * DAY);
        assert_eq!(next("0 0 * * SUN", 0), 3 * DAY);
        assert_eq!(next("0 0 1 2 *", 0), 31 * DAY);
        // Either day counts when both are named.
        assert_eq!(next("0 0 20 * 5", 0), DAY);
        assert_eq!(next("0 0 29 2 *", 0), (2 * 365 + 31 + 28) * DAY);
    }

    #[test]
    fn what_the_platform_does_not_know_is_refused_with_a_reason() {
        for bad in [
            "",
            "* * * *",
            "* * * * * *",
            "@hourly",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * 32 * *",
            "* * * 0 *",
            "* * * 13 *",
            "* * * * 8",
            "* * L * *",
            "* * 15W * *",
            "* * * * 5#2",
            "? * * * *",
            "a * * * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "1,,2 * * * *",
            "0 0 31 2 *",
            "- * * * *",
            "-1 * * * *",
        ] {
            let refused = Expression::parse(bad);
            assert!(refused.as_ref().is_err_and(|why| !why.is_empty()), "{bad}: {refused:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_refused_with_a_reason_or_comes_true(
            text in r"([0-9*,/a-zA-Z#?L@-]{1,5}[ \t]){4}[0-9*,/A-Z-]{1,5}|([0-9*]{1,2} ){4}[0-9*]|\PC{0,40}",
            after in 0..4_102_444_800_000_u64,
        ) {
            match Expression::parse(&text) {
                Ok(expression) => {
                    let next = expression.next_after(after).unwrap();
                    assert!(next > after && next % MINUTE == 0, "{text}: {next} after {after}");
                }
                Err(why) => assert!(!why.is_empty() && why.len() < 500, "{text}: {why}"),
            }
        }
    }
}
