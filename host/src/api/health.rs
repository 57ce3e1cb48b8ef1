//! For those who watch the server: is it up, will it take work.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::Response, http::StatusCode};
use serde_json::json;

use crate::{host::Host, reply};

/// `GET /health`: the process answers.
pub(crate) async fn health() -> Response<Body> {
    reply::json(StatusCode::OK, &json!({ "status": "up" }))
}

/// `GET /ready`: the engine is compiled and the store is open (both are before the server listens), and it is not
/// shutting down.
pub(crate) async fn ready(State(host): State<Arc<Host>>) -> Response<Body> {
    let (status, word) = if host.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "shutting down")
    } else {
        (StatusCode::OK, "ready")
    };
    let body = json!({
        "status": word,
        "engine": host.runtime.engine_hash(),
        "running": host.admission.running(),
        "deployed": host.registry.len(),
        "droppedLogs": host.recorder.dropped(),
    });
    reply::json(status, &body)
}
