//! `/deployments`: putting lambdas in service and out of it. The `{id}` is the lambda's.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};
use serde_json::json;

use super::{
    array::array,
    member::Member,
    paging::Page,
    query::Query,
    schemas::{ErrorView, MessageView},
    view::DeploymentView,
};
use crate::{
    host::Host,
    reply::{self, Refusal},
};

/// `GET /deployments`: what is kept of all lambdas of the account.
#[utoipa::path(
    get, path = "/deployments", operation_id = "listDeployments", tag = "deployments",
    params(
        ("limit" = Option<u64>, Query, description = "lambdas of a page, 1 to 1000, each with what is kept of it; all unless given"),
        ("after" = Option<String>, Query, description = "the `name` of the last entry of the page before"),
    ),
    responses((status = 200, description = "what is kept of all lambdas, by their names", body = Vec<DeploymentView>), (status = 400, body = ErrorView)),
)]
pub(crate) async fn list_all(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let mut page = Page::parse(&Query::parse(query.as_deref())?)?;
    array(&host, move |host, elements| {
        Ok(host.ledger.each_named(member.caller.account(), |name, lambda| {
            if !page.has_room_for(name) {
                return Ok(());
            }
            let mut counted = false;
            host.ledger.each_deployment(lambda, |deployment| {
                // A lambda that was never deployed takes no place.
                if !std::mem::replace(&mut counted, true) {
                    page.count();
                }
                elements.push(&DeploymentView::new(deployment))
            })
        })?)
    })
    .await
}

/// `GET /deployments/{lambda}`: what is kept of one lambda, oldest first.
#[utoipa::path(
    get, path = "/deployments/{uuid}", operation_id = "listDeploymentsOfLambda", tag = "deployments",
    params(("uuid" = Uuid, Path, description = "the lambda")),
    responses((status = 200, description = "what is kept of one lambda, oldest first", body = Vec<DeploymentView>), (status = 404, body = ErrorView)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let lambda = member.lambda()?;
    array(&host, move |host, elements| {
        host.ledger.lambda(member.caller.account(), lambda)?;
        Ok(host
            .ledger
            .each_deployment(lambda, |deployment| elements.push(&DeploymentView::new(deployment)))?)
    })
    .await
}

/// `POST /deployments/{lambda}`: acknowledged once it is written down; clients poll the lambda's state.
#[utoipa::path(
    post, path = "/deployments/{uuid}", operation_id = "deploy", tag = "deployments",
    params(("uuid" = Uuid, Path, description = "the lambda")),
    responses(
        (status = 202, description = "written down and begun; poll the lambda's state", body = MessageView),
        (status = 404, body = ErrorView),
        (status = 409, description = "a deployment of it is running", body = ErrorView),
        (status = 503, description = "the server is shutting down", body = ErrorView),
    ),
)]
pub(crate) async fn deploy(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    refuse_while_draining(&host)?;
    let lambda = member.lambda()?;
    // Begun and started in one go: a client that hangs up in between must not leave it lying.
    host.blocking(move |host| {
        // Nobody waits for it: clients poll.
        drop(host.deployer.start(host.ledger.begin_deployment(
            member.caller.account(),
            lambda,
            member.caller.name(),
        )?));
        Ok(())
    })
    .await?;
    Ok(reply::json(StatusCode::ACCEPTED, &json!({ "message": "deployment started" })))
}

/// `DELETE /deployments/{lambda}`: from the reply on the lambda is not served.
#[utoipa::path(
    delete, path = "/deployments/{uuid}", operation_id = "undeploy", tag = "deployments",
    params(("uuid" = Uuid, Path, description = "the lambda")),
    responses(
        (status = 202, description = "not served any more", body = MessageView),
        (status = 404, body = ErrorView),
        (status = 409, description = "a deployment of it is running", body = ErrorView),
        (status = 503, description = "the server is shutting down", body = ErrorView),
    ),
)]
pub(crate) async fn undeploy(
    State(host): State<Arc<Host>>,
    member: Member,
) -> Result<Response<Body>, Refusal> {
    refuse_while_draining(&host)?;
    let lambda = member.lambda()?;
    host.blocking(move |host| {
        let account = member.caller.account();
        host.ledger.mark_undeployed(account, lambda, member.caller.name())?;
        host.registry.withdraw(lambda);
        host.warm.forget(lambda, None);
        host.end_undeployment(account.to_owned(), lambda);
        Ok(())
    })
    .await?;
    Ok(reply::json(StatusCode::ACCEPTED, &json!({ "message": "undeployment started" })))
}

pub(super) fn refuse_while_draining(host: &Host) -> Result<(), Refusal> {
    if host.is_draining() { Err(Refusal::shutting_down()) } else { Ok(()) }
}
