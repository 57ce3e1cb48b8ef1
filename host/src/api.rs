//! The HTTP calls, one file per resource. Paths and shapes are the contract's (sections 8 and 11).

mod array;
mod check;
mod definition;
mod deployments;
mod events;
pub(crate) mod findings;
mod health;
mod invoke;
mod lambdas;
mod limits;
mod logs;
mod member;
mod module;
mod openapi;
mod page;
mod query;
mod runtimes;
pub(crate) mod schemas;
mod versions;
mod view;
mod whitelist;

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, post},
};

use crate::{host::Host, reply::Refusal};

/// Bytes of a management call's JSON body: a source of 100,000 characters, escaped, and everything around it.
pub(crate) const MANAGEMENT_BODY: usize = 2 << 20;

/// All calls. No layers: what every response needs is done once in [`crate::server`].
pub(crate) fn router(host: Arc<Host>) -> Router {
    let account = Router::new()
        .route("/lambdas", get(lambdas::list).post(lambdas::create))
        .route("/lambdas/", get(lambdas::list).post(lambdas::create))
        .route("/lambdas/{id}", get(lambdas::read).put(lambdas::update).delete(lambdas::delete))
        .route("/lambdas/{id}/invoke", post(invoke::invoke))
        .route("/lambdas/{id}/module", post(module::upload))
        .route("/lambdas/{id}/versions", get(versions::list))
        .route("/lambdas/{id}/versions/{version}", get(versions::read))
        .route("/lambdas/{id}/versions/{version}/diff", get(versions::difference))
        .route("/lambdas/{id}/rollback", post(versions::roll_back))
        .route("/runtimes", get(runtimes::list))
        .route("/deployments", get(deployments::list_all))
        .route(
            "/deployments/{id}",
            get(deployments::list).post(deployments::deploy).delete(deployments::undeploy),
        )
        .route("/events", get(events::list))
        .route("/events/{id}/isImplemented", get(events::is_implemented))
        .route("/logs", get(logs::list))
        .route("/limits", get(limits::list))
        .route("/proxy-settings", get(whitelist::list).post(whitelist::add))
        .route("/proxy-settings/{id}", delete(whitelist::remove))
        .route("/check", post(check::check));
    Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/openapi.json", get(openapi::document))
        .route("/docs/api", get(page::page))
        .nest("/api/account/{account}", account)
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::method_not_allowed())
        .with_state(host)
}
