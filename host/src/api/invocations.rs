//! `GET /invocations`: what became of invocations, newest first, of one lambda or of all of an account.
//!
//! Filters: `lambdaUUID`, `requestID`, `outcome` (any of several), `startTimestamp`, `endTimestamp`; at most `limit`
//! of them. The next page begins where `endTimestamp` is the last timestamp of this one.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};
use uuid::Uuid;

use super::{member::Member, query::Query, schemas::ErrorView};
use crate::{
    host::Host,
    invocation::{Invocation, Outcome},
    journal::{self, Kind},
    reply::{self, Refusal},
};

const USUAL_LIMIT: usize = 100;
const HIGHEST_LIMIT: usize = 1_000;

#[derive(Debug)]
struct Wanted {
    lambda: Option<Uuid>,
    request_id: Option<String>,
    outcomes: Vec<Outcome>,
    from: u64,
    to: u64,
    limit: usize,
}

#[utoipa::path(
    get, path = "/invocations", operation_id = "listInvocations", tag = "logs",
    params(
        ("lambdaUUID" = Option<Uuid>, Query, description = "the lambda; all of the account otherwise"),
        ("requestID" = Option<String>, Query, description = "the id of the call"),
        ("outcome" = Option<Vec<String>>, Query, description = "any of several outcomes"),
        ("startTimestamp" = Option<u64>, Query, description = "milliseconds since 1970"),
        ("endTimestamp" = Option<u64>, Query, description = "milliseconds since 1970"),
        ("limit" = Option<u64>, Query, description = "at most so many, 100 unless given"),
    ),
    responses(
        (status = 200, description = "the newest first", body = Vec<Invocation>),
        (status = 400, body = ErrorView),
        (status = 404, body = ErrorView),
    ),
)]
pub(crate) async fn list(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let wanted = Wanted::parse(&Query::parse(query.as_deref())?)?;
    host.blocking(move |host| {
        let account = member.caller.account();
        let lambdas = match wanted.lambda {
            Some(lambda) => vec![host.ledger.lambda(account, lambda)?.uuid],
            None => host.ledger.lambdas_of(account)?,
        };
        let mut found = Vec::new();
        for lambda in lambdas {
            wanted.collect(host, lambda, &mut found).map_err(Refusal::internal)?;
        }
        found.sort_by_key(|invocation| std::cmp::Reverse(invocation.at));
        found.truncate(wanted.limit);
        Ok(reply::json(StatusCode::OK, &found))
    })
    .await
}

impl Wanted {
    fn parse(query: &Query) -> Result<Self, Refusal> {
        let number = |name: &str| {
            let value = query.first(name).map(str::parse::<u64>).transpose();
            value.map_err(|_| Refusal::bad_input(format!("`{name}` must be a whole number")))
        };
        let lambda = query.first("lambdaUUID").map(Uuid::try_parse).transpose();
        let limit =
            number("limit")?.map_or(USUAL_LIMIT, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        if !(1..=HIGHEST_LIMIT).contains(&limit) {
            return Err(Refusal::bad_input(format!("`limit` must lie between 1 and {HIGHEST_LIMIT}")));
        }
        let unknown = || {
            let names = Outcome::ALL.map(Outcome::name).join(", ");
            Refusal::bad_input(format!("`outcome` must be of {names}"))
        };
        let names = query.all("outcome").flat_map(|names| names.split(','));
        Ok(Self {
            lambda: lambda.map_err(|_| Refusal::bad_input("`lambdaUUID` must be the id of a lambda"))?,
            request_id: query.first("requestID").map(str::to_owned),
            outcomes: names
                .map(|name| Outcome::named(name.trim()).ok_or_else(unknown))
                .collect::<Result<_, _>>()?,
            from: number("startTimestamp")?.unwrap_or(0),
            to: number("endTimestamp")?.unwrap_or(u64::MAX),
            limit,
        })
    }

    /// Adds the newest ones of a lambda that are wanted.
    fn collect(&self, host: &Host, lambda: Uuid, found: &mut Vec<Invocation>) -> std::io::Result<()> {
        let files = host.journal.read(Kind::Invocations, lambda)?;
        let wanted = journal::lines(&files)
            .rev()
            .filter_map(|line| serde_json::from_slice::<Invocation>(line).ok())
            .filter(|invocation| self.wants(invocation))
            .take(self.limit);
        found.extend(wanted);
        Ok(())
    }

    fn wants(&self, invocation: &Invocation) -> bool {
        (self.from..=self.to).contains(&invocation.at)
            && self.request_id.as_ref().is_none_or(|id| *id == invocation.request_id)
            && (self.outcomes.is_empty() || self.outcomes.contains(&invocation.outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_checked() {
        let parse = |text: &str| Wanted::parse(&Query::parse(Some(text)).unwrap());
        let wanted =
            parse("outcome=TIMEOUT&outcome=SUCCEEDED,UNKOWN&limit=7&requestID=r&userId=&v=1").unwrap();
        assert_eq!(wanted.outcomes, [Outcome::Timeout, Outcome::Succeeded, Outcome::Unknown]);
        assert_eq!((wanted.limit, wanted.request_id.as_deref()), (7, Some("r")));
        for bad in ["limit=0", "limit=1001", "lambdaUUID=1", "outcome=FINE", "endTimestamp=x"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
