//! `/proxy-settings`: the domains that the lambdas of an account may call.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{Response, StatusCode},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    MANAGEMENT_BODY,
    member::Member,
    schemas::{DomainView, ErrorView},
    sent::{Document, Sent},
};
use crate::{
    domain::Domain,
    host::Host,
    reply::{self, Refusal},
};

/// A domain as clients send it. The id is the server's to give: clients send -1.
#[derive(Deserialize, ToSchema)]
pub(crate) struct DomainBody {
    #[serde(default)]
    domain: String,
}

impl Document for DomainBody {
    const MOST: usize = MANAGEMENT_BODY;
}

/// `GET /proxy-settings`, oldest first.
#[utoipa::path(
    get, path = "/proxy-settings", operation_id = "listDomains", tag = "whitelist",
    responses((status = 200, description = "the domains, oldest first", body = Vec<DomainView>)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        Ok(reply::json(StatusCode::OK, &host.ledger.whitelisted(member.caller.account())?))
    })
    .await
}

/// `POST /proxy-settings`: counts for the next request of any lambda.
#[utoipa::path(
    post, path = "/proxy-settings", operation_id = "addDomain", tag = "whitelist",
    request_body = DomainBody,
    responses(
        (status = 201, description = "counts for the next request of any lambda", body = DomainView),
        (status = 400, description = "no domain name; the sentence says why", body = ErrorView),
        (status = 409, description = "the domain is there already, or the whitelist is full", body = ErrorView),
    ),
)]
pub(crate) async fn add(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<DomainBody>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let body = sent.parse()?;
        let domain = Domain::parse(&body.domain, host.whitelist.wildcards())
            .map_err(|broken| Refusal::bad_input(broken.to_string()))?;
        let name = body.domain.trim().to_owned();
        let added = host.whitelist.add(member.caller.account(), domain, name, member.caller.name())?;
        Ok(reply::json(StatusCode::CREATED, &added))
    })
    .await
}

/// `DELETE /proxy-settings/{id or domain}`.
#[utoipa::path(
    delete, path = "/proxy-settings/{id}", operation_id = "removeDomain", tag = "whitelist",
    params(("id" = String, Path, description = "its id, or the domain itself")),
    responses((status = 204, description = "refused from the next request on"), (status = 404, body = ErrorView)),
)]
pub(crate) async fn remove(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        host.whitelist.remove(member.caller.account(), &member.id, member.caller.name())?;
        Ok(reply::empty(StatusCode::NO_CONTENT))
    })
    .await
}
