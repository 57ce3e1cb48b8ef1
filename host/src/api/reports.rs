//! `/reports`: how much an account has and has used, for its dashboard. The misspelling is the contract's.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{member::Member, query::Query, schemas::ErrorView};
use crate::{
    counters::Counts,
    host::Host,
    invocation::Outcome,
    lambda::now_ms,
    reply::{self, Refusal},
};

/// Counts are kept by the minute.
const SHORTEST_BUCKET: u64 = 60;

/// Buckets one report may have.
const MOST_BUCKETS: u64 = 10_000;

/// What is shown when no start is given.
const USUAL_MS: u64 = 24 * 60 * 60 * 1_000;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LimitCounts {
    limit_total_lambdas: usize,
    limit_deployed_lambdas: usize,
    invocation_limit_per_month: usize,
}

/// `GET /reports/limitCounts`.
#[utoipa::path(
    get, path = "/reports/limitCounts", operation_id = "reportLimits", tag = "reports",
    responses((status = 200, description = "what the account may have", body = LimitCounts)),
)]
pub(crate) async fn limit_counts(State(host): State<Arc<Host>>, _member: Member) -> Response<Body> {
    let limits = &host.options.account_limits;
    let counts = LimitCounts {
        limit_total_lambdas: limits.functions,
        limit_deployed_lambdas: limits.deployed,
        invocation_limit_per_month: limits.per_month,
    };
    reply::json(StatusCode::OK, &counts)
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LambdaCounts {
    account_id: String,
    total: usize,
    deployed: usize,
}

/// `GET /reports/lambdaCounts`.
#[utoipa::path(
    get, path = "/reports/lambdaCounts", operation_id = "reportLambdas", tag = "reports",
    responses((status = 200, description = "what it has", body = LambdaCounts)),
)]
pub(crate) async fn lambda_counts(
    State(host): State<Arc<Host>>,
    member: Member,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let account_id = member.caller.account().to_owned();
        let used = host.ledger.used(&account_id)?;
        let of = |limit| used.of(limit).unwrap_or_default();
        let counts = LambdaCounts { account_id, total: of("functions"), deployed: of("deployed") };
        Ok(reply::json(StatusCode::OK, &counts))
    })
    .await
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InvocationCounts {
    account_id: String,
    successful_invocations: u64,
    unsuccessful_invocations: u64,
}

/// `GET /reports/invocationCounts`: those of the current calendar month, UTC.
#[utoipa::path(
    get, path = "/reports/invocationCounts", operation_id = "reportMonth", tag = "reports",
    responses((status = 200, description = "the invocations of this calendar month, UTC", body = InvocationCounts)),
)]
pub(crate) async fn invocation_counts(
    State(host): State<Arc<Host>>,
    member: Member,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let account_id = member.caller.account().to_owned();
        let month = host.counters.month(&account_id, now_ms())?;
        let successful_invocations = month.of(Outcome::Succeeded);
        let counts = InvocationCounts {
            account_id,
            successful_invocations,
            unsuccessful_invocations: month.total() - successful_invocations,
        };
        Ok(reply::json(StatusCode::OK, &counts))
    })
    .await
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Invocations {
    name: String,
    uuid: Uuid,
    invocation_statistics: Vec<Bucket>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = InvocationStatistics)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Bucket {
    #[serde(rename = "from")]
    from: u64,
    #[serde(rename = "to")]
    to: u64,
    unkown: u64,
    succeeded: u64,
    coding_failure: u64,
    platform_failure: u64,
    timeout: u64,
}

/// What a report is to show.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    from: u64,
    to: u64,
    bucket: u64,
    outcomes: Vec<Outcome>,
}

/// `GET /reports/invocations/{uuid}`: by buckets of `bucketSize` seconds. An outcome that `invocationStates` does
/// not name is nought.
#[utoipa::path(
    get, path = "/reports/invocations/{uuid}", operation_id = "reportInvocations", tag = "reports",
    params(
        ("uuid" = Uuid, Path, description = "the lambda"),
        ("startTimestamp" = Option<u64>, Query, description = "milliseconds since 1970; a day before the end unless given"),
        ("endTimestamp" = Option<u64>, Query, description = "milliseconds since 1970; now unless given"),
        ("bucketSize" = Option<u64>, Query, description = "seconds, at least 60; 3600 unless given"),
        ("invocationStates" = Option<Vec<String>>, Query, description = "the outcomes to count; all unless given"),
    ),
    responses(
        (status = 200, description = "counts by time", body = Invocations),
        (status = 400, body = ErrorView),
        (status = 404, body = ErrorView),
    ),
)]
pub(crate) async fn invocations(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let uuid = member.lambda()?;
    let now = now_ms();
    let wanted = Wanted::parse(&Query::parse(query.as_deref())?, now)?;
    host.blocking(move |host| {
        let lambda = host.ledger.lambda(member.caller.account(), uuid)?;
        let minutes = host.counters.minutes(uuid, wanted.first_minute(), wanted.to, now)?;
        let invocation_statistics = wanted.buckets(&minutes);
        let report = Invocations { name: lambda.definition.name, uuid, invocation_statistics };
        Ok(reply::json(StatusCode::OK, &report))
    })
    .await
}

impl Wanted {
    fn parse(query: &Query, now: u64) -> Result<Self, Refusal> {
        let number = |name: &str| {
            let value = query.first(name).map(str::parse::<u64>).transpose();
            value.map_err(|_| Refusal::bad_input(format!("`{name}` must be a whole number")))
        };
        let to = number("endTimestamp")?.unwrap_or(now).min(now.saturating_add(USUAL_MS));
        let from = number("startTimestamp")?.unwrap_or_else(|| to.saturating_sub(USUAL_MS));
        if from > to {
            return Err(Refusal::bad_input("`startTimestamp` must not be after `endTimestamp`"));
        }
        let seconds = number("bucketSize")?.unwrap_or(3_600);
        if seconds < SHORTEST_BUCKET {
            return Err(Refusal::bad_input(format!(
                "`bucketSize` must be at least {SHORTEST_BUCKET} seconds"
            )));
        }
        let bucket = seconds.saturating_mul(1_000);
        if (to - from).div_ceil(bucket) > MOST_BUCKETS {
            let rule = "`bucketSize` is too small for this time: a report may have";
            return Err(Refusal::bad_input(format!("{rule} {MOST_BUCKETS} buckets")));
        }
        let unknown = || {
            let names = Outcome::ALL.map(Outcome::name).join(", ");
            Refusal::bad_input(format!("`invocationStates` must be of {names}"))
        };
        let names = query.all("invocationStates").flat_map(|names| names.split(','));
        let outcomes =
            names.map(|name| Outcome::named(name.trim()).ok_or_else(unknown)).collect::<Result<_, _>>()?;
        Ok(Self { from, to, bucket, outcomes })
    }

    /// The start of the minute the report begins in.
    fn first_minute(&self) -> u64 {
        self.from - self.from % (SHORTEST_BUCKET * 1_000)
    }

    fn buckets(&self, minutes: &[(u64, Counts)]) -> Vec<Bucket> {
        let mut minutes = minutes.iter().peekable();
        let mut buckets = Vec::new();
        let mut from = self.from;
        while from < self.to {
            let to = from.saturating_add(self.bucket).min(self.to);
            let mut counts = Counts::default();
            while let Some((_, more)) = minutes.next_if(|(at, _)| *at < to) {
                counts.add(more);
            }
            let of = |outcome| {
                let is_wanted = self.outcomes.is_empty() || self.outcomes.contains(&outcome);
                if is_wanted { counts.of(outcome) } else { 0 }
            };
            buckets.push(Bucket {
                from,
                to,
                unkown: of(Outcome::Unknown),
                succeeded: of(Outcome::Succeeded),
                coding_failure: of(Outcome::CodingFailure),
                platform_failure: of(Outcome::PlatformFailure),
                timeout: of(Outcome::Timeout),
            });
            from = to;
        }
        buckets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;

    fn parse(text: &str) -> Result<Wanted, Refusal> {
        Wanted::parse(&Query::parse(Some(text)).unwrap(), 100 * USUAL_MS)
    }

    #[test]
    fn minutes_fall_into_buckets_and_every_key_is_there() {
        let query =
            "startTimestamp=30000&endTimestamp=330000&bucketSize=120&invocationStates=SUCCEEDED,UNKOWN";
        let wanted = parse(query).unwrap();
        assert_eq!(wanted.first_minute(), 0);
        let counts = [(0, Counts([1, 2, 3, 4, 5])), (MINUTE, Counts([1; 5])), (3 * MINUTE, Counts([9; 5]))];
        let buckets = serde_json::to_value(wanted.buckets(&counts)).unwrap();
        let expected = serde_json::json!([
            {"from": 30_000, "to": 150_000, "UNKOWN": 2, "SUCCEEDED": 3, "CODING_FAILURE": 0,
             "PLATFORM_FAILURE": 0, "TIMEOUT": 0},
            {"from": 150_000, "to": 270_000, "UNKOWN": 9, "SUCCEEDED": 9, "CODING_FAILURE": 0,
             "PLATFORM_FAILURE": 0, "TIMEOUT": 0},
            {"from": 270_000, "to": 330_000, "UNKOWN": 0, "SUCCEEDED": 0, "CODING_FAILURE": 0,
             "PLATFORM_FAILURE": 0, "TIMEOUT": 0},
        ]);
        assert_eq!(buckets, expected);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for bad in [
            "startTimestamp=2&endTimestamp=1",
            "bucketSize=59",
            "bucketSize=x",
            "startTimestamp=-1",
            "invocationStates=FINE",
            "startTimestamp=0&bucketSize=60",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        let usual = parse("").unwrap();
        assert_eq!((usual.from, usual.to, usual.bucket), (99 * USUAL_MS, 100 * USUAL_MS, 3_600_000));
    }
}
