//! The table of calls: what each route needs. [`crate::api::member::Member`] looks here before a handler runs, and
//! what has no row is nobody's.

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

/// One route and what it needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) method: &'static str,
    pub(crate) route: &'static str,
    pub(crate) need: Need,
}

const fn open(method: &'static str, route: &'static str) -> Row {
    Row { method, route, need: Need::Nothing }
}

const fn row(method: &'static str, route: &'static str, right: Right) -> Row {
    Row { method, route, need: Need::Right(right) }
}

/// Every route there is. The invocation comes first: rows are looked at in order.
pub(crate) const ROWS: &[Row] = &[
    row("POST", "/api/account/{account}/lambdas/{id}/invoke", rights::LAMBDA_INVOKE),
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
    row("POST", "/api/account/{account}/events/{id}/invoke", rights::LAMBDA_INVOKE),
    row("GET", "/api/account/{account}/events/{id}/isImplemented", rights::EVENT_ASK),
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
    open("GET", "/api/account/{account}/service/baseURI.json"),
    open("GET", "/api/account/{account}/service/{name}/baseURI.json"),
    open("GET", "/api/account/{account}/service/{name}/baseURI"),
    row("GET", "/api/account/{account}/users", rights::USER_READ),
    row("POST", "/api/account/{account}/users", rights::USER_WRITE),
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
    row("GET", "/api/account/{account}/accounts", rights::ACCOUNT_MANAGE),
    row("POST", "/api/account/{account}/accounts", rights::ACCOUNT_MANAGE),
    row("POST", "/api/account/{account}/logout", rights::OWN),
    row("PUT", "/api/account/{account}/password", rights::OWN),
    row("GET", "/api/account/{account}/signing-keys", rights::ACCOUNT_MANAGE),
    row("POST", "/api/account/{account}/signing-keys", rights::ACCOUNT_MANAGE),
    open("POST", "/sentinel/api/account/{account}/app/token"),
    open("POST", "/sentinel/api/v2/account/{account}/app/token"),
    open("GET", "/sentinel/api/account/{account}/authorize"),
    open("POST", "/sentinel/api/account/{account}/authorize"),
    open("POST", "/sentinel/api/account/{account}/token"),
    open("POST", "/sentinel/api/account/{account}/token/revoke"),
    open("GET", "/sentinel/api/account/{account}/.well-known/openid-configuration"),
    open("GET", "/sentinel/well-known/jwks"),
    open("GET", "/health"),
    open("GET", "/ready"),
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
    fn what_has_no_row_is_nobodys() {
        assert_eq!(need(&Method::GET, "/api/account/{account}/nothing"), None);
        assert_eq!(need(&Method::PATCH, "/api/account/{account}/lambdas"), None);
        let head = need(&Method::HEAD, "/api/account/{account}/lambdas");
        assert_eq!(head, Some(Need::Right(rights::LAMBDA_READ)));
    }
}
