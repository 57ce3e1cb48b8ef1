//! Every limit there is, in one table: what an invocation may use, what an account may keep, how long texts may be and
//! how long things stay. The command line and the API show it; each number comes from the code that enforces it.

use lambkin_runtime::{LimitRow, LogLimits, MAX_SOURCE_CHARS};

use crate::{
    activity, api, auth::key_ring::TOKEN_SECONDS, config::ServeOptions, directory::grants::ACCESS_LIFE,
    egress, ledger, secrets,
};

/// The limits a server with these options enforces.
pub fn limit_table(options: &ServeOptions) -> Vec<LimitRow> {
    let row = |name, value: u64, unit, meaning| LimitRow { name, value, unit, meaning };
    let count = |name, value: usize, unit, meaning| row(name, value as u64, unit, meaning);
    let stored = LogLimits::default();
    let mut rows = vec![count("source", MAX_SOURCE_CHARS, "characters", "source of one lambda")];
    rows.extend(options.limits.describe());
    rows.push(count("stored_log_entries", stored.entries, "entries", "log entries stored of one invocation"));
    rows.push(count(
        "stored_log_chars",
        stored.chars,
        "characters",
        "messages and extras stored of one invocation",
    ));
    rows.extend(egress::limits(&options.egress));
    rows.extend(options.account_limits.describe());
    rows.extend(api::fixed_limits());
    rows.extend([
        count("secret_name", secrets::MAX_KEY, "characters", "name of a secret"),
        count("secret_value", secrets::MAX_VALUE, "characters", "value of a secret"),
        row("schedule_interval", 60, "s", "time between two runs of a schedule, at least"),
        count("kept_versions", ledger::KEPT, "versions", "versions and deployments kept of one lambda"),
        row("log_days", options.log_days, "days", "logs and records of invocations are kept"),
        row("activity_days", activity::KEPT_DAYS, "days", "activities are kept"),
        row("session", options.session_seconds.into(), "s", "a log-in without a refresh"),
        row("access_token", ACCESS_LIFE / 1_000, "s", "a token about a user"),
        row("app_token", TOKEN_SECONDS, "s", "a token of an app for itself"),
    ]);
    rows
}
