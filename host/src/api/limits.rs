//! `GET /limits`: the limits in force, from the code that enforces them, and how much of its own an account has used.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::Response, http::StatusCode};
use lambkin_runtime::LimitRow;
use serde::Serialize;

use super::{definition, logs, member::Member, paging, schedules, schemas};
use crate::{
    host::Host,
    limit_table::limit_table,
    reply::{self, Refusal},
};

/// Limits of texts and of what is asked for at once, which no operator changes.
pub(crate) fn fixed() -> [LimitRow; 9] {
    let row = |name, value: u64, unit, meaning| LimitRow { name, value, unit, meaning };
    let count = |name, value: usize, unit, meaning| row(name, value as u64, unit, meaning);
    [
        count("name", definition::MAX_NAME, "characters", "name of a function"),
        count("description", definition::MAX_DESCRIPTION, "characters", "description of a function"),
        count("event_id", definition::MAX_EVENT_ID, "characters", "id of an event"),
        count("variable_name", definition::MAX_VARIABLE, "characters", "name of an environment variable"),
        count("variable_value", definition::MAX_VARIABLE, "characters", "value of an environment variable"),
        count("schedule_input", schedules::MAX_INPUT, "characters", "what a schedule sends"),
        row(
            "log_window",
            logs::WINDOW_MS / logs::DAY_MS,
            "days",
            "time between the first and the last log of a query",
        ),
        count("log_export", logs::AT_MOST, "lines", "logs of one export"),
        count("page", paging::AT_MOST, "entries", "entries of one page of a list"),
    ]
}

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
        let rows = limit_table(&host.options).into_iter().map(|row| LimitView {
            used: if row.name == "apps" { Some(apps) } else { used.of(row.name) },
            row,
        });
        Ok(reply::json(StatusCode::OK, &rows.collect::<Vec<_>>()))
    })
    .await
}
