//! `GET /runtimes`: the one runtime there is. Clients take the first of the list.

use axum::{body::Body, http::Response, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::{Uuid, uuid};

use super::member::Member;
use crate::reply;

/// A runtime in lists and in lambdas.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Runtime)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RuntimeView {
    uuid: Uuid,
    name: &'static str,
    base_image_name: &'static str,
}

/// The name is the Node version whose interface lambdas see; published clients compare its number with their own.
pub(crate) const RUNTIME: RuntimeView = RuntimeView {
    uuid: uuid!("5b1c6f0a-6c0c-4d0e-9d2f-1a6d626b696e"),
    name: "Node.js 20",
    base_image_name: "lambkin-engine",
};

#[utoipa::path(
    get, path = "/runtimes", operation_id = "listRuntimes", tag = "platform",
    responses((status = 200, description = "the runtimes; there is one", body = Vec<RuntimeView>)),
)]
pub(crate) async fn list(_member: Member) -> Response<Body> {
    reply::json(StatusCode::OK, &[RUNTIME])
}
