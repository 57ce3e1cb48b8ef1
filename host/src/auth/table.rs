//! The table of calls: what each route needs, and who can reach it. [`crate::api::member::Member`] looks here before a
//! handler runs, and what has no row is nobody's. [`crate::api::router`] routes what the table gives a listener, so a
//! path the public listener does not know is unknown to it in every spelling.

use axum::http::Method;

use super::rights::{self, Right};

/// Who may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Anybody: the call checks what it is given by itself (log-in, tokens), or tells nothing worth guarding.
    Nothing,
    /// A caller with a right.
    Right(Right),
}

/// Who can reach a listener, and whom a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everybody: invocations, what leads to them, signs of life.
    Public,
    /// Those who manage. Where they have no listener of their own, the one listener is theirs too.
    Operator,
}

/// One route, what it needs and whom it is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) method: &'static str,
    pub(crate) route: &'static str,
    pub(crate) need: Need,
    pub(crate) audience: Audience,
}

impl Row {
    const fn new(method: &'static str, route: &'static str, need: Need) -> Self {
        Self { method, route, need, audience: Audience::Operator }
    }

    /// Also on the public listener.
    const fn public(self) -> Self {
        Self { audience: Audience::Public, ..self }
    }
}

const fn open(method: &'static str, route: &'static str) -> Row {
    Row::new(method, route, Need::Nothing)
}

const fn row(method: &'static str, route: &'static str, right: Right) -> Row {
    Row::new(method, route, Need::Right(right))
}

/// Every route there is. The invocation comes first: rows are looked at in order. What is not `public` is for
/// operators, so a new row is hidden until somebody decides otherwise.
pub(crate) const ROWS: &[Row] = &[
    row("POST", "/api/account/{account}/lambdas/{id}/invoke", rights::LAMBDA_INVOKE).public(),
    row("GET", "/api/account/{account}/lambdas", rights::LAMBDA_READ),
    row("GET", "/api/account/{account}/lambdas/", rights::LAMBDA_READ),
    row("POST", "/api/account/{account}/lambdas", rights::LAMBDA_WRITE),
    row("POST", "/api/account/{account}/lambdas/", rights::LAMBDA_WRITE),
    row("GET", "/api/account/{account}/lambdas/{id}", rights::LAMBDA_READ),
    row("PUT", "/api/account/{account}/lambdas/{id}", rights::LAMBDA_WRITE),
    row("DELETE", "/api/account/{account}/lambdas/{id}", rights::LAMBDA_WRITE),
    row("POST", "/api/account/{account}/lambdas/{id}/module", rights::LAMBDA_WRITE),
    row("GET", "/api/account/{account}/lambdas/{id}/versions", rights::LAMBDA_READ),
    row("GET", "/api/account/{account}/lambdas/{id}/versions/{version}", rights::LAMBDA_READ),
    row("GET", "/api/account/{account}/lambdas/{id}/versions/{version}/diff", rights::LAMBDA_READ),
    row("POST", "/api/account/{account}/lambdas/{id}/rollback", rights::LAMBDA_DEPLOY),
    row("GET", "/api/account/{account}/runtimes", rights::PLATFORM_READ),
    row("GET", "/api/account/{account}/deployments", rights::LAMBDA_READ),
    row("GET", "/api/account/{account}/deployments/{id}", rights::LAMBDA_READ),
    row("POST", "/api/account/{account}/deployments/{id}", rights::LAMBDA_DEPLOY),
    row("DELETE", "/api/account/{account}/deployments/{id}", rights::LAMBDA_DEPLOY),
    row("GET", "/api/account/{account}/events", rights::EVENT_READ),
    row("POST", "/api/account/{account}/events/{id}/invoke", rights::LAMBDA_INVOKE).public(),
    row("GET", "/api/account/{account}/events/{id}/isImplemented", rights::EVENT_ASK).public(),
    row("GET", "/api/account/{account}/templates", rights::TEMPLATE_READ),
    row("GET", "/api/account/{account}/activities", rights::ACTIVITY_READ),
    row("GET", "/api/account/{account}/secrets", rights::SECRET_READ_CRYPTED),
    row("POST", "/api/account/{account}/secrets", rights::SECRET_WRITE),
    row("PUT", "/api/account/{account}/secrets", rights::SECRET_WRITE),
    row("GET", "/api/account/{account}/secrets/{id}", rights::SECRET_READ_CRYPTED),
    row("PUT", "/api/account/{account}/secrets/{id}", rights::SECRET_WRITE),
    row("DELETE", "/api/account/{account}/secrets/{id}", rights::SECRET_WRITE),
    row("GET", "/api/account/{account}/secrets/{id}/plain", rights::SECRET_READ_PLAIN),
    row("GET", "/api/account/{account}/proxy-settings", rights::WHITELIST_READ),
    row("POST", "/api/account/{account}/proxy-settings", rights::WHITELIST_WRITE),
    row("DELETE", "/api/account/{account}/proxy-settings/{id}", rights::WHITELIST_WRITE),
    row("GET", "/api/account/{account}/schedules", rights::SCHEDULE_READ),
    row("POST", "/api/account/{account}/schedules", rights::SCHEDULE_WRITE),
    row("GET", "/api/account/{account}/schedules/preview", rights::SCHEDULE_READ),
    row("GET", "/api/account/{account}/schedules/{id}", rights::SCHEDULE_READ),
    row("PUT", "/api/account/{account}/schedules/{id}", rights::SCHEDULE_WRITE),
    row("DELETE", "/api/account/{account}/schedules/{id}", rights::SCHEDULE_WRITE),
    row("GET", "/api/account/{account}/logs", rights::LOG_READ),
    row("GET", "/api/account/{account}/logs/export", rights::LOG_READ),
    row("GET", "/api/account/{account}/invocations", rights::LOG_READ),
    row("GET", "/api/account/{account}/reports/limitCounts", rights::REPORT_READ),
    row("GET", "/api/account/{account}/reports/lambdaCounts", rights::REPORT_READ),
    row("GET", "/api/account/{account}/reports/invocationCounts", rights::REPORT_READ),
    row("GET", "/api/account/{account}/reports/invocations/{id}", rights::REPORT_READ),
    row("GET", "/api/account/{account}/settings", rights::ACCOUNT_READ),
    row("PUT", "/api/account/{account}/settings", rights::ACCOUNT_EDIT),
    row("GET", "/api/account/{account}/limits", rights::PLATFORM_READ),
    row("POST", "/api/account/{account}/check", rights::LAMBDA_WRITE),
    open("POST", "/api/account/{account}/login"),
    open("POST", "/api/account/{account}/refresh"),
    open("GET", "/api/account/{account}/service/baseURI.json").public(),
    open("GET", "/api/account/{account}/service/{name}/baseURI.json").public(),
    open("GET", "/api/account/{account}/service/{name}/baseURI").public(),
    row("GET", "/api/account/{account}/users", rights::USER_READ),
    row("POST", "/api/account/{account}/users", rights::USER_WRITE),
    row("PUT", "/api/account/{account}/users/{id}", rights::USER_WRITE),
    row("DELETE", "/api/account/{account}/users/{id}", rights::USER_WRITE),
    row("POST", "/api/account/{account}/users/{id}/password", rights::USER_WRITE),
    row("GET", "/api/account/{account}/users/{id}/api-keys", rights::USER_READ),
    row("POST", "/api/account/{account}/users/{id}/api-keys", rights::USER_WRITE),
    row("DELETE", "/api/account/{account}/users/{id}/api-keys/{key}", rights::USER_WRITE),
    row("GET", "/api/account/{account}/app-installations", rights::APP_READ),
    row("POST", "/api/account/{account}/app-installations", rights::APP_WRITE),
    row("GET", "/api/account/{account}/app-installations/{id}", rights::APP_READ),
    row("PUT", "/api/account/{account}/app-installations/{id}", rights::APP_WRITE),
    row("DELETE", "/api/account/{account}/app-installations/{id}", rights::APP_WRITE),
    row("POST", "/api/account/{account}/app-installations/{id}/secret", rights::APP_WRITE),
    row("GET", "/api/account/{account}/profiles", rights::PROFILE_READ),
    row("POST", "/api/account/{account}/profiles", rights::PROFILE_WRITE),
    row("PUT", "/api/account/{account}/profiles/{id}", rights::PROFILE_WRITE),
    row("DELETE", "/api/account/{account}/profiles/{id}", rights::PROFILE_WRITE),
    row("GET", "/api/account/{account}/accounts", rights::ACCOUNT_MANAGE),
    row("POST", "/api/account/{account}/accounts", rights::ACCOUNT_MANAGE),
    row("POST", "/api/account/{account}/logout", rights::OWN),
    row("PUT", "/api/account/{account}/password", rights::OWN),
    row("GET", "/api/account/{account}/signing-keys", rights::ACCOUNT_MANAGE),
    row("POST", "/api/account/{account}/signing-keys", rights::ACCOUNT_MANAGE),
    open("POST", "/sentinel/api/account/{account}/app/token").public(),
    open("POST", "/sentinel/api/v2/account/{account}/app/token").public(),
    open("GET", "/sentinel/api/account/{account}/authorize").public(),
    open("POST", "/sentinel/api/account/{account}/authorize").public(),
    open("POST", "/sentinel/api/account/{account}/token").public(),
    open("POST", "/sentinel/api/account/{account}/token/revoke").public(),
    open("GET", "/sentinel/api/account/{account}/.well-known/openid-configuration").public(),
    open("GET", "/sentinel/well-known/jwks").public(),
    open("GET", "/health").public(),
    open("GET", "/ready").public(),
    row("GET", "/metrics", rights::METRICS_READ),
    open("GET", "/openapi.json"),
    open("GET", "/docs/api"),
];

/// What a call needs; `None` for a route without a row, which nobody may call.
pub(crate) fn need(method: &Method, route: &str) -> Option<Need> {
    // The router answers `HEAD` with the handler of `GET`.
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    ROWS.iter().find(|row| row.route == route && row.method == method).map(|row| row.need)
}

/// Whether a listener for these people routes a call.
pub(crate) fn is_routed(method: &Method, route: &str, listener: Audience) -> bool {
    listener == Audience::Operator
        || ROWS.iter().any(|row| {
            row.route == route && row.method == method.as_str() && row.audience == Audience::Public
        })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_has_one_row_and_every_row_a_route() {
        let routes: BTreeSet<_> = crate::api::routes().list().into_iter().collect();
        let rows: Vec<_> = ROWS.iter().map(|row| (row.method.to_owned(), row.route.to_owned())).collect();
        assert_eq!(rows.iter().cloned().collect::<BTreeSet<_>>(), routes);
        assert_eq!(rows.len(), routes.len(), "a row stands twice");
    }

    #[test]
    fn the_public_listener_routes_what_everybody_needs_and_nothing_else() {
        let public =
            crate::api::routes().only(|method, route| is_routed(method, route, Audience::Public)).list();
        for row in ROWS {
            // Written down a second time: invocations, the way to a token, where services are, signs of life.
            let is_public = ["/health", "/ready"].contains(&row.route)
                || row.route.starts_with("/sentinel/")
                || row.route.starts_with("/api/account/{account}/service/")
                || row.route.ends_with("}/invoke")
                || row.route.ends_with("}/isImplemented");
            let is_routed = public.contains(&(row.method.to_owned(), row.route.to_owned()));
            assert_eq!(is_routed, is_public, "{} {}: is its row `public()`?", row.method, row.route);
        }
        let all =
            crate::api::routes().only(|method, route| is_routed(method, route, Audience::Operator)).list();
        assert_eq!(all.len(), ROWS.len());
    }

    #[test]
    fn what_has_no_row_is_nobodys() {
        assert_eq!(need(&Method::GET, "/api/account/{account}/nothing"), None);
        assert_eq!(need(&Method::PATCH, "/api/account/{account}/lambdas"), None);
        let head = need(&Method::HEAD, "/api/account/{account}/lambdas");
        assert_eq!(head, Some(Need::Right(rights::LAMBDA_READ)));
    }
}
