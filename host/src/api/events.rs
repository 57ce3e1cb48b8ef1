//! `/events`: what functions can be written for, and whether any is served.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};
use lambkin_templates::{EVENTS, Event};
use serde::Serialize;
use utoipa::ToSchema;

use super::{member::Member, query::Query};
use crate::{
    host::Host,
    reply::{self, Refusal},
};

/// What functions can be written for.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
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

/// Whether a call by an event would run anything.
#[derive(Serialize, ToSchema)]
#[schema(as = Implemented)]
struct ImplementedView {
    implemented: bool,
}

/// `GET /events`: the same for every account.
#[utoipa::path(
    get, path = "/events", operation_id = "listEvents", tag = "events",
    responses((status = 200, description = "the same for every account", body = Vec<EventView>)),
)]
pub(crate) async fn list(_member: Member) -> Response<Body> {
    let events: Vec<EventView> = EVENTS.iter().map(EventView::new).collect();
    reply::json(StatusCode::OK, &events)
}

/// `GET /events/{id}/isImplemented`: whether a call by this event, for `skillId` if given, would run anything.
#[utoipa::path(
    get, path = "/events/{eventId}/isImplemented", operation_id = "isImplemented", tag = "events",
    params(
        ("eventId" = String, Path, description = "the event"),
        ("skillId" = Option<String>, Query, description = "the skill on whose behalf the call would be made"),
    ),
    responses((status = 200, description = "whether anything would run", body = ImplementedView)),
)]
pub(crate) async fn is_implemented(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let query = Query::parse(query.as_deref())?;
    let served = host.registry.look_up_event(member.caller.account(), &member.id, query.first("skillId"));
    Ok(reply::json(StatusCode::OK, &ImplementedView { implemented: !served.is_empty() }))
}
