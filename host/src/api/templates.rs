//! `GET /templates`: what a new function can start from. The same data as `lambkin templates` and `lambkin new`.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use lambkin_templates::{NO_EVENT, TEMPLATES, Template};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::member::Member;
use crate::{lambda::Setting, reply};

/// A function to start from.
#[derive(Serialize, ToSchema)]
#[schema(as = Template)]
#[serde(rename_all = "camelCase")]
struct TemplateView {
    /// What `lambkin new --template` takes.
    id: &'static str,
    name: &'static str,
    description: &'static str,
    /// The event it is written for; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'static str>,
    /// The modules it cannot do without.
    #[schema(value_type = Vec<String>)]
    requires: &'static [&'static str],
    sample_payload: SampleView,
    code: &'static str,
}

/// What it can be tried with.
#[derive(Serialize, ToSchema)]
#[schema(as = Sample)]
struct SampleView {
    headers: Vec<Setting>,
    /// Anything.
    #[schema(value_type = serde_json::Value)]
    payload: &'static RawValue,
}

impl TemplateView {
    fn new(template: &Template) -> Self {
        Self {
            id: template.id,
            name: template.name,
            description: template.description,
            event_id: (template.event != NO_EVENT).then_some(template.event),
            requires: template.requires,
            sample_payload: SampleView {
                headers: Vec::new(),
                // A test of the templates holds all of them to be JSON.
                payload: serde_json::from_str(template.sample_payload).unwrap_or(RawValue::NULL),
            },
            code: template.code,
        }
    }
}

/// `GET /templates`: the same for every account.
#[utoipa::path(
    get, path = "/templates", operation_id = "listTemplates", tag = "platform",
    responses((status = 200, description = "the same for every account", body = Vec<TemplateView>)),
)]
pub(crate) async fn list(_member: Member) -> Response<Body> {
    let templates: Vec<TemplateView> = TEMPLATES.iter().map(TemplateView::new).collect();
    reply::json(StatusCode::OK, &templates)
}
