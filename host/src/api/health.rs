//! For those who watch the server: is it up, will it take work.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Method, Response, StatusCode},
};
use serde_json::json;

use super::schemas::StatusView;
use crate::{host::Host, reply};

/// `GET /health`: the process answers.
#[utoipa::path(get, path = "/health", operation_id = "health", tag = "platform", responses((status = 200, description = "the process answers", body = StatusView)))]
pub(crate) async fn health() -> Response<Body> {
    reply::json(StatusCode::OK, &json!({ "status": "up" }))
}

/// `GET /ready`: the engine is compiled and the store is open (both are before the server listens), and it is not
/// shutting down. What goes on inside is told to holders of the token only.
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
    if host.credentials.authenticate(&host, &Method::GET, &headers).await.is_err() {
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
