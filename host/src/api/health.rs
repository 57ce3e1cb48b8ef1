//! For those who watch the server: is it up, will it take work.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
};
use serde_json::json;

use super::schemas::{ErrorView, StatusView};
use crate::{
    auth::rights,
    directory::OPERATORS,
    host::Host,
    reply::{self, Refusal},
};

/// `GET /health`: the process answers.
#[utoipa::path(get, path = "/health", operation_id = "health", tag = "platform", responses((status = 200, description = "the process answers", body = StatusView)))]
pub(crate) async fn health() -> Response<Body> {
    reply::json(StatusCode::OK, &json!({ "status": "up" }))
}

/// `GET /metrics`: numbers for Prometheus, in its text form. They tell of all accounts together, so they are for the
/// operator: a session of theirs, or the token of `--metrics-token-file`.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "platform", security(("bearer" = [])),
    responses(
        (status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text"),
        (status = 401, body = ErrorView),
        (status = 403, description = "the token is not the operator's", body = ErrorView),
    ),
)]
pub(crate) async fn metrics(
    State(host): State<Arc<Host>>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    look_inside(&host, &headers).await?;
    let text = crate::metrics::text(&host).map_err(Refusal::internal)?;
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(METRICS));
    Ok(response)
}

/// The text form of `GET /metrics`.
const METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Whether a caller may know what goes on in the whole server. A development server has one account, and nobody to
/// hide it from.
async fn look_inside(host: &Arc<Host>, headers: &HeaderMap) -> Result<(), Refusal> {
    if host.credentials.is_for_metrics(headers) {
        return Ok(());
    }
    let caller = host.credentials.authenticate(host, &Method::GET, headers).await?;
    if host.options.dev && !caller.is_app() {
        return Ok(());
    }
    caller.enter(OPERATORS, &rights::METRICS_READ, host.options.roles).map(drop)
}

/// `GET /ready`: the engine is compiled and the store is open (both are before the server listens), and it is not
/// shutting down. What goes on inside is told to those only who may read the metrics.
#[utoipa::path(
    get, path = "/ready", operation_id = "ready", tag = "platform",
    responses(
        (status = 200, description = "it takes work", body = StatusView),
        (status = 503, description = "it is shutting down, or its storage failed", body = StatusView),
    ),
)]
pub(crate) async fn ready(State(host): State<Arc<Host>>, headers: HeaderMap) -> Response<Body> {
    let (status, word) = if host.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "shutting down")
    } else if !host.ledger.healthy() {
        (StatusCode::SERVICE_UNAVAILABLE, "storage failed, restart the server")
    } else {
        (StatusCode::OK, "ready")
    };
    if look_inside(&host, &headers).await.is_err() {
        return reply::json(status, &json!({ "status": word }));
    }
    let body = json!({
        "status": word,
        "engine": host.runtime.engine_hash(),
        "running": host.admission.running(),
        "waiting": host.admission.waiting(),
        "deployed": host.registry.len(),
        "droppedLogs": host.recorder.dropped(),
    });
    reply::json(status, &body)
}
