//! `GET /limits`: the limits in force, from the code that enforces them, and how much of its own an account has used.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::Response, http::StatusCode};
use lambkin_runtime::LimitRow;
use serde::Serialize;

use super::{member::Member, schemas};
use crate::{
    host::Host,
    reply::{self, Refusal},
};

/// A limit, and where it is one on what an account keeps, how much that is now.
#[derive(Debug, Serialize)]
struct LimitView {
    #[serde(flatten)]
    row: LimitRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<usize>,
}

#[utoipa::path(
    get, path = "/limits", operation_id = "listLimits", tag = "platform",
    responses((status = 200, description = "every limit in force", body = Vec<schemas::LimitView>)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let used = host.ledger.used(member.caller.account())?;
        let apps = host.directory.count_apps(member.caller.account())?;
        let rows = host.limits.describe().into_iter().map(|row| LimitView { row, used: None });
        let account = host.options.account_limits.describe().into_iter();
        let account = account.map(|row| LimitView {
            used: if row.name == "apps" { Some(apps) } else { used.of(row.name) },
            row,
        });
        Ok(reply::json(StatusCode::OK, &rows.chain(account).collect::<Vec<_>>()))
    })
    .await
}
