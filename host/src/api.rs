//! The HTTP calls, one file per resource. Paths and shapes are the contract's (sections 8 and 11).

mod accounts;
mod activities;
mod api_keys;
mod apps;
mod array;
mod check;
mod definition;
mod deployments;
mod domains;
mod events;
pub(crate) mod findings;
mod health;
mod invocations;
mod invoke;
mod lambdas;
mod limits;
mod login;
mod logs;
pub(crate) mod member;
mod module;
mod openapi;
mod page;
mod paging;
mod profiles;
mod query;
mod reports;
mod routes;
mod runtimes;
mod schedules;
pub(crate) mod schemas;
mod secrets;
mod sent;
mod sentinel;
mod settings;
mod signing_keys;
mod templates;
mod users;
mod versions;
mod view;
mod whitelist;

use std::sync::Arc;

use axum::Router;

use self::routes::Routes;
use crate::{
    auth::table::{self, Audience},
    host::Host,
    reply::Refusal,
    ui,
};

pub(crate) use self::limits::fixed as fixed_limits;

/// Bytes of a management call's JSON body: a source of 100,000 characters, escaped, and everything around it.
pub(crate) const MANAGEMENT_BODY: usize = 2 << 20;

/// The calls a listener for these people knows. No layers: what every response needs is done once in
/// [`crate::server`].
pub(crate) fn router(host: Arc<Host>, listener: Audience) -> Router {
    let router = routes().only(|method, route| table::is_routed(method, route, listener)).into_router();
    let router = match listener {
        Audience::Public => router.fallback(async || Refusal::not_found()),
        // The web application is for those who manage, like the calls it makes.
        Audience::Operator => router.fallback(ui::serve),
    };
    router.method_not_allowed_fallback(async || Refusal::method_not_allowed()).with_state(host)
}

/// Every route; what each needs stands in [`crate::auth::table`].
pub(crate) fn routes() -> Routes {
    let account = Routes::default()
        .get("/lambdas", lambdas::list)
        .get("/lambdas/", lambdas::list)
        .post("/lambdas", lambdas::create)
        .post("/lambdas/", lambdas::create)
        .get("/lambdas/{id}", lambdas::read)
        .put("/lambdas/{id}", lambdas::update)
        .delete("/lambdas/{id}", lambdas::delete)
        .post("/lambdas/{id}/invoke", invoke::invoke)
        .post("/lambdas/{id}/module", module::upload)
        .get("/lambdas/{id}/versions", versions::list)
        .get("/lambdas/{id}/versions/{version}", versions::read)
        .get("/lambdas/{id}/versions/{version}/diff", versions::difference)
        .post("/lambdas/{id}/rollback", versions::roll_back)
        .get("/runtimes", runtimes::list)
        .get("/deployments", deployments::list_all)
        .get("/deployments/{id}", deployments::list)
        .post("/deployments/{id}", deployments::deploy)
        .delete("/deployments/{id}", deployments::undeploy)
        .get("/events", events::list)
        .post("/events/{id}/invoke", invoke::invoke_event)
        .get("/events/{id}/isImplemented", events::is_implemented)
        .get("/templates", templates::list)
        .get("/logs", logs::list)
        .get("/logs/export", logs::export)
        .get("/invocations", invocations::list)
        .get("/reports/limitCounts", reports::limit_counts)
        .get("/reports/lambdaCounts", reports::lambda_counts)
        .get("/reports/invocationCounts", reports::invocation_counts)
        .get("/reports/invocations/{id}", reports::invocations)
        .get("/settings", settings::read)
        .put("/settings", settings::change)
        .get("/limits", limits::list)
        .get("/activities", activities::list)
        .get("/secrets", secrets::list)
        .post("/secrets", secrets::create)
        .put("/secrets", secrets::update_named)
        .get("/secrets/{id}", secrets::read)
        .put("/secrets/{id}", secrets::update)
        .delete("/secrets/{id}", secrets::delete)
        .get("/secrets/{id}/plain", secrets::read_plain)
        .get("/proxy-settings", whitelist::list)
        .post("/proxy-settings", whitelist::add)
        .delete("/proxy-settings/{id}", whitelist::remove)
        .get("/schedules", schedules::list)
        .post("/schedules", schedules::create)
        .get("/schedules/preview", schedules::preview)
        .get("/schedules/{id}", schedules::read)
        .put("/schedules/{id}", schedules::update)
        .delete("/schedules/{id}", schedules::delete)
        .post("/check", check::check)
        .post("/login", login::login)
        .post("/refresh", login::refresh)
        .post("/logout", login::logout)
        .get("/users", users::list)
        .post("/users", users::create)
        .put("/users/{id}", users::update)
        .delete("/users/{id}", users::delete)
        .post("/users/{id}/password", users::reset)
        .get("/users/{id}/api-keys", api_keys::list)
        .post("/users/{id}/api-keys", api_keys::create)
        .delete("/users/{id}/api-keys/{key}", api_keys::delete)
        .get("/app-installations", apps::list)
        .post("/app-installations", apps::create)
        .get("/app-installations/{id}", apps::read)
        .put("/app-installations/{id}", apps::update)
        .delete("/app-installations/{id}", apps::delete)
        .post("/app-installations/{id}/secret", apps::renew_secret)
        .get("/profiles", profiles::list)
        .post("/profiles", profiles::create)
        .put("/profiles/{id}", profiles::update)
        .delete("/profiles/{id}", profiles::delete)
        .get("/accounts", accounts::list)
        .post("/accounts", accounts::create)
        .get("/signing-keys", signing_keys::list)
        .post("/signing-keys", signing_keys::rotate)
        .get("/service/baseURI.json", domains::list)
        .get("/service/{name}/baseURI.json", domains::read)
        .get("/service/{name}/baseURI", domains::read)
        .put("/password", login::change_password);
    let sentinel = Routes::default()
        .post("/api/account/{account}/app/token", sentinel::app_token::app_token)
        .post("/api/v2/account/{account}/app/token", sentinel::app_token::app_token_v2)
        .get("/api/account/{account}/authorize", sentinel::authorize::authorize)
        .post("/api/account/{account}/authorize", sentinel::authorize::agree)
        .post("/api/account/{account}/token", sentinel::token::token)
        .post("/api/account/{account}/token/revoke", sentinel::revoke::revoke)
        .get("/api/account/{account}/.well-known/openid-configuration", sentinel::discovery::discover)
        .get("/well-known/jwks", sentinel::keys::public_keys);
    Routes::default()
        .get("/health", health::health)
        .get("/ready", health::ready)
        .get("/metrics", health::metrics)
        .get("/openapi.json", openapi::document)
        .get("/docs/api", page::page)
        .nest("/api/account/{account}", account)
        .nest("/sentinel", sentinel)
}
