//! `GET /limits`: the limits in force, from the code that enforces them.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::Response, http::StatusCode};

use super::member::Member;
use crate::{host::Host, reply};

pub(crate) async fn list(State(host): State<Arc<Host>>, _member: Member) -> Response<Body> {
    reply::json(StatusCode::OK, &host.limits.describe())
}
