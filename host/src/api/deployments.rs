//! `/deployments`: putting lambdas in service and out of it. The `{id}` is the lambda's.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{Response, StatusCode},
};
use serde_json::json;

use super::{array::array, member::Member, view::DeploymentView};
use crate::{
    host::Host,
    reply::{self, Refusal},
};

/// `GET /deployments`: what is kept of all lambdas of the account.
pub(crate) async fn list_all(
    State(host): State<Arc<Host>>,
    member: Member,
) -> Result<Response<Body>, Refusal> {
    array(&host, move |host, elements| {
        Ok(host.ledger.each_id(member.caller.account(), |lambda| {
            host.ledger.each_deployment(lambda, |deployment| elements.push(&DeploymentView::new(deployment)))
        })?)
    })
    .await
}

/// `GET /deployments/{lambda}`: what is kept of one lambda, oldest first.
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
pub(crate) async fn deploy(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    refuse_while_draining(&host)?;
    let lambda = member.lambda()?;
    // Begun and started in one go: a client that hangs up in between must not leave it lying.
    host.blocking(move |host| {
        host.deployer.start(host.ledger.begin_deployment(
            member.caller.account(),
            lambda,
            member.caller.name(),
        )?);
        Ok(())
    })
    .await?;
    Ok(reply::json(StatusCode::ACCEPTED, &json!({ "message": "deployment started" })))
}

/// `DELETE /deployments/{lambda}`: from the reply on the lambda is not served.
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
        host.end_undeployment(account.to_owned(), lambda);
        Ok(())
    })
    .await?;
    Ok(reply::json(StatusCode::ACCEPTED, &json!({ "message": "undeployment started" })))
}

fn refuse_while_draining(host: &Host) -> Result<(), Refusal> {
    if host.is_draining() { Err(Refusal::shutting_down()) } else { Ok(()) }
}
