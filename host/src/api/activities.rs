//! `GET /activities`: who did what when, newest first.
//!
//! Filtered by `user`, `action`, `subject` (kind of thing), `name` (part of what it is called), `startTimestamp` and
//! `endTimestamp`. A page has `limit` entries; the next one begins after the last id: `before=ID`.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    logs::time,
    member::Member,
    query::Query,
    schemas::{self, ErrorView},
    view::date,
};
use crate::{
    activity::{Action, Activity, ActivityId, Subject},
    host::Host,
    reply::{self, Refusal},
};

/// Entries of a page, unless the caller wants fewer or more, and at most.
const USUAL: usize = 100;
const AT_MOST: usize = 500;

#[derive(Serialize)]
struct ActivityView {
    id: String,
    timestamp: String,
    user: String,
    action: Action,
    subject: Subject,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    count: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

impl ActivityView {
    fn new(id: ActivityId, activity: Activity) -> Self {
        Self {
            id: id.text(),
            timestamp: date(activity.at),
            user: activity.by,
            action: activity.action,
            subject: activity.subject,
            name: activity.name,
            uuid: activity.id,
            version: activity.version,
            count: activity.count,
            changed: activity.changed,
            diff: activity.difference,
        }
    }
}

/// What is asked for.
struct Wanted {
    user: Option<String>,
    action: Option<Action>,
    subject: Option<Subject>,
    name: Option<String>,
    from: u64,
    before: Option<ActivityId>,
    limit: usize,
}

#[utoipa::path(
    get, path = "/activities", operation_id = "listActivities", tag = "activities",
    params(
        ("user" = Option<String>, Query, description = "only what this user did"),
        ("action" = Option<String>, Query, description = "create, update, delete, deploy, rollback, undeploy or read"),
        ("subject" = Option<String>, Query, description = "lambda, whitelist, secret, schedule, account, user, profile, password, app, apikey, signingkey or grant"),
        ("name" = Option<String>, Query, description = "part of what the thing is called"),
        ("startTimestamp" = Option<u64>, Query, description = "milliseconds since 1970"),
        ("endTimestamp" = Option<u64>, Query, description = "milliseconds since 1970"),
        ("limit" = Option<u64>, Query, description = "entries of a page, 1 to 500; 100 unless given"),
        ("before" = Option<String>, Query, description = "the `id` of the last entry of the page before"),
    ),
    responses(
        (status = 200, description = "who did what, newest first; kept for two months", body = Vec<schemas::ActivityView>),
        (status = 400, description = "a filter cannot be; the sentence names it", body = ErrorView),
    ),
)]
pub(crate) async fn list(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let wanted = Wanted::parse(&Query::parse(query.as_deref())?)?;
    host.blocking(move |host| {
        let mut page = Vec::new();
        host.ledger.each_activity(member.caller.account(), wanted.before.as_ref(), |id, activity| {
            if activity.at < wanted.from {
                return Ok(false);
            }
            if wanted.has(&activity) {
                page.push(ActivityView::new(id, activity));
            }
            Ok(page.len() < wanted.limit)
        })?;
        Ok(reply::json(StatusCode::OK, &page))
    })
    .await
}

impl Wanted {
    fn parse(query: &Query) -> Result<Self, Refusal> {
        let limit = match query.first("limit").map(str::parse) {
            None => USUAL,
            Some(Ok(limit)) if (1..=AT_MOST).contains(&limit) => limit,
            Some(_) => {
                return Err(Refusal::bad_input(format!("`limit` must be a number from 1 to {AT_MOST}")));
            }
        };
        let before = match query.first("before") {
            None => time(query, "endTimestamp")?.map(ActivityId::after),
            Some(id) => Some(ActivityId::parse(id).ok_or_else(|| {
                Refusal::bad_input("`before` must be the `id` of the last activity of the page before")
            })?),
        };
        Ok(Self {
            user: query.first("user").map(str::to_owned),
            action: word(query, "action", "create, update, delete, deploy, rollback, undeploy or read")?,
            subject: word(
                query,
                "subject",
                "lambda, whitelist, secret, schedule, account, user, profile, password, app, apikey, signingkey or grant",
            )?,
            name: query.first("name").map(str::to_owned),
            from: time(query, "startTimestamp")?.unwrap_or_default(),
            before,
            limit,
        })
    }

    fn has(&self, activity: &Activity) -> bool {
        self.user.as_ref().is_none_or(|user| *user == activity.by)
            && self.action.is_none_or(|action| action == activity.action)
            && self.subject.is_none_or(|subject| subject == activity.subject)
            && self.name.as_ref().is_none_or(|name| activity.name.contains(name.as_str()))
    }
}

fn word<T: DeserializeOwned>(query: &Query, name: &str, words: &str) -> Result<Option<T>, Refusal> {
    let read = |word: &str| serde_json::from_value(word.to_lowercase().into());
    query
        .first(name)
        .map(read)
        .transpose()
        .map_err(|_| Refusal::bad_input(format!("`{name}` must be {words}")))
}
