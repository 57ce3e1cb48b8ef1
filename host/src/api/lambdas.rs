//! `/lambdas`: the lambdas of an account.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};

use super::{
    array::array,
    definition::{Judged, LambdaBody},
    member::Member,
    paging::Page,
    query::Query,
    schemas::ErrorView,
    sent::Sent,
    view::LambdaView,
};
use crate::{
    host::Host,
    lambda::{LambdaRecord, LambdaState, now_ms},
    ledger::{LedgerError, Saved, Whole, Written},
    reply::{self, Refusal},
    store::StoreError,
};

/// `GET /lambdas`, filtered by `eventId` and `name` (parts of them) and `state` (any of several), in pages where
/// `limit` is given.
#[utoipa::path(
    get, path = "/lambdas", operation_id = "listLambdas", tag = "lambdas",
    params(
        ("name" = Option<String>, Query, description = "a part of the name"),
        ("eventId" = Option<String>, Query, description = "a part of the event id"),
        ("state" = Option<Vec<LambdaState>>, Query, description = "any of these states"),
        ("limit" = Option<u64>, Query, description = "entries of a page, 1 to 1000; all unless given"),
        ("after" = Option<String>, Query, description = "the `name` of the last entry of the page before"),
    ),
    responses((status = 200, description = "the lambdas, by name", body = Vec<LambdaView>), (status = 400, body = ErrorView)),
)]
pub(crate) async fn list(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let query = Query::parse(query.as_deref())?;
    let mut page = Page::parse(&query)?;
    array(&host, move |host, elements| {
        let account = member.caller.account();
        Ok(host.ledger.each_named(account, |name, uuid| {
            if !page.has_room_for(name) {
                return Ok(());
            }
            match host.ledger.whole(account, uuid) {
                Ok(whole) if is_wanted(&whole.lambda, &query) => {
                    page.count();
                    elements.push(&LambdaView::new(whole))
                }
                Ok(_) => Ok(()),
                // One damaged lambda must not hide the others; asked for by its id it is an error.
                Err(LedgerError::Store(StoreError::Record { key, why })) => {
                    tracing::error!(lambda = %uuid, key, why, "a lambda is left out of the list");
                    Ok(())
                }
                Err(LedgerError::Store(error)) => Err(error),
                // Deleted since the scan came by.
                Err(_) => Ok(()),
            }
        })?)
    })
    .await
}

fn is_wanted(lambda: &LambdaRecord, query: &Query) -> bool {
    let contains = |part: Option<&str>, whole: &str| part.is_none_or(|part| whole.contains(part));
    let mut states = query.all("state").peekable();
    contains(query.first("name"), &lambda.definition.name)
        && contains(query.first("eventId"), lambda.definition.event_id.as_deref().unwrap_or_default())
        && (states.peek().is_none() || states.any(|state| state == lambda.state.name()))
}

/// `GET /lambdas/{uuid}`: an array of one.
#[utoipa::path(
    get, path = "/lambdas/{uuid}", operation_id = "readLambda", tag = "lambdas",
    params(("uuid" = Uuid, Path, description = "the lambda")),
    responses((status = 200, description = "an array of one", body = Vec<LambdaView>), (status = 404, body = ErrorView)),
)]
pub(crate) async fn read(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let uuid = member.lambda()?;
    host.blocking(move |host| {
        let whole = host.ledger.whole(member.caller.account(), uuid)?;
        Ok(reply::json(StatusCode::OK, &[LambdaView::new(whole)]))
    })
    .await
}

/// `POST /lambdas`.
#[utoipa::path(
    post, path = "/lambdas", operation_id = "createLambda", tag = "lambdas",
    request_body = LambdaBody,
    responses(
        (status = 201, description = "the new lambda, a draft", body = LambdaView),
        (status = 400, description = "a field or the source is not acceptable", body = ErrorView),
        (status = 409, description = "the name is taken, the event or the account is full", body = ErrorView),
    ),
)]
pub(crate) async fn create(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<LambdaBody>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let Judged { definition, checked, .. } = sent.parse()?.judge(None)?;
        let new = Written { definition, source: checked.source() };
        let lambda = host.ledger.create(member.caller.account(), new, member.caller.name())?;
        Ok(reply::json(StatusCode::CREATED, &saved(host, lambda, checked.source())?))
    })
    .await
}

/// `PUT /lambdas/{uuid}`: a new version over the one named in the body; 304 when nothing differs.
#[utoipa::path(
    put, path = "/lambdas/{uuid}", operation_id = "updateLambda", tag = "lambdas",
    params(("uuid" = Uuid, Path, description = "the lambda")),
    request_body = LambdaBody,
    responses(
        (status = 200, description = "the new version", body = LambdaView),
        (status = 304, description = "nothing differs from what is stored"),
        (status = 400, description = "a field or the source is not acceptable", body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, description = "`version` is not the newest, or a deployment is running", body = ErrorView),
    ),
)]
pub(crate) async fn update(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<LambdaBody>,
) -> Result<Response<Body>, Refusal> {
    let uuid = member.lambda()?;
    host.blocking(move |host| {
        let before = host.ledger.lambda(member.caller.account(), uuid)?;
        let Judged { definition, checked, version } = sent.parse()?.judge(Some(&before.definition))?;
        let version = version.ok_or_else(|| {
            Refusal::bad_input("`version` is missing; send the version the change is based on")
        })?;
        let new = Written { definition, source: checked.source() };
        match host.ledger.save(member.caller.account(), uuid, version, new, member.caller.name())? {
            Saved::Changed(lambda) => {
                Ok(reply::json(StatusCode::OK, &saved(host, lambda, checked.source())?))
            }
            Saved::Unchanged(_) => Ok(reply::empty(StatusCode::NOT_MODIFIED)),
        }
    })
    .await
}

/// `DELETE /lambdas/{uuid}`, with its logs.
#[utoipa::path(
    delete, path = "/lambdas/{uuid}", operation_id = "deleteLambda", tag = "lambdas",
    params(("uuid" = Uuid, Path, description = "the lambda")),
    responses(
        (status = 204, description = "gone, with its logs"),
        (status = 404, body = ErrorView),
        (status = 409, description = "it is deployed", body = ErrorView),
    ),
)]
pub(crate) async fn delete(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let uuid = member.lambda()?;
    host.blocking(move |host| {
        host.ledger.delete(member.caller.account(), uuid, member.caller.name())?;
        host.deployer.forget(uuid);
        host.recorder.forget(uuid);
        if let Err(error) = host.counters.forget(uuid, now_ms()) {
            tracing::warn!(lambda = %uuid, %error, "the counts of a deleted lambda could not be removed");
        }
        Ok(())
    })
    .await?;
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

/// A lambda that was just saved, as clients see it. Blocks.
pub(crate) fn saved(host: &Host, lambda: LambdaRecord, source: &str) -> Result<LambdaView, StoreError> {
    let last_deployment = host.ledger.deployment(lambda.uuid, lambda.last_deployment)?;
    Ok(LambdaView::new(Whole { lambda, source: source.to_owned(), last_deployment }))
}
