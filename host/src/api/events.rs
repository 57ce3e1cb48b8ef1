//! `/events`: what functions can be written for, and whether any is served.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};
use lambkin_templates::{EVENTS, Event};
use serde::Serialize;

use super::{member::Member, query::Query};
use crate::{
    host::Host,
    reply::{self, Refusal},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventView {
    event_id: &'static str,
    event_name: &'static str,
    description: &'static str,
    lambda_limit: usize,
}

impl EventView {
    fn new(event: &Event) -> Self {
        Self {
            event_id: event.id,
            event_name: event.name,
            description: event.description,
            lambda_limit: event.lambda_limit,
        }
    }
}

#[derive(Serialize)]
struct ImplementedView {
    implemented: bool,
}

/// `GET /events`: the same for every account.
pub(crate) async fn list(_member: Member) -> Response<Body> {
    let events: Vec<EventView> = EVENTS.iter().map(EventView::new).collect();
    reply::json(StatusCode::OK, &events)
}

/// `GET /events/{id}/isImplemented`: whether a call by this event, for `skillId` if given, would run anything.
pub(crate) async fn is_implemented(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let query = Query::parse(query.as_deref())?;
    let served = host.registry.look_up_event(member.caller.account(), &member.id, query.first("skillId"));
    Ok(reply::json(StatusCode::OK, &ImplementedView { implemented: !served.is_empty() }))
}
