//! `/schedules`: when lambdas run by themselves.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    MANAGEMENT_BODY,
    member::Member,
    query::Query,
    schemas::ErrorView,
    sent::{Document, Sent},
    view::date,
};
use crate::{
    host::Host,
    lambda::now_ms,
    reply::{self, Refusal},
    schedule::{Expression, ScheduleRecord, ScheduledInput},
};

/// Characters of what a run sends.
pub(super) const MAX_INPUT: usize = 8_000;

/// Runs that a preview shows.
const PREVIEWED: usize = 5;

/// A schedule as clients send it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScheduleBody {
    #[serde(rename = "lambdaUUID")]
    lambda: Option<Uuid>,
    cron_expression: Option<String>,
    is_active: Option<bool>,
    /// `{headers, payload}`, both optional.
    #[schema(value_type = Option<Object>)]
    invocation_body: Option<Box<RawValue>>,
}

impl Document for ScheduleBody {
    const MOST: usize = MANAGEMENT_BODY;
}

/// A schedule.
#[derive(Serialize, ToSchema)]
#[schema(as = Schedule)]
#[serde(rename_all = "camelCase")]
struct ScheduleView {
    uuid: Uuid,
    #[serde(rename = "lambdaUUID")]
    lambda: Uuid,
    cron_expression: String,
    is_active: bool,
    created_by: String,
    last_execution: Option<String>,
    /// `null` while it is switched off or its lambda is not deployed.
    next_execution: Option<String>,
    did_last_execution_fail: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    invocation_body: Option<ScheduledInput>,
}

/// When an expression comes true next.
#[derive(Serialize, ToSchema)]
#[schema(as = SchedulePreview)]
#[serde(rename_all = "camelCase")]
struct PreviewView {
    cron_expression: String,
    next_executions: Vec<String>,
}

/// A body that was judged.
struct Judged {
    expression: Option<String>,
    active: Option<bool>,
    input: Option<ScheduledInput>,
    lambda: Option<Uuid>,
}

impl ScheduleBody {
    fn judge(self) -> Result<Judged, Refusal> {
        if let Some(text) = &self.cron_expression {
            Expression::parse(text)
                .map_err(|why| Refusal::bad_input(format!("`cronExpression` cannot be used: {why}")))?;
        }
        let input = self.invocation_body.filter(|raw| raw.get() != "null").map(|raw| {
            if raw.get().chars().count() > MAX_INPUT {
                return Err(Refusal::bad_input(format!(
                    "`invocationBody` has more than {MAX_INPUT} characters; send less"
                )));
            }
            serde_json::from_str(raw.get()).map_err(|error| {
                Refusal::bad_input(format!(
                    "`invocationBody` is not `{{\"headers\": [], \"payload\": ...}}`: {error}"
                ))
            })
        });
        Ok(Judged {
            expression: self.cron_expression,
            active: self.is_active,
            input: input.transpose()?,
            lambda: self.lambda,
        })
    }
}

/// A schedule as clients see it. Blocks.
fn view(host: &Host, schedule: ScheduleRecord) -> ScheduleView {
    let lambda = host.ledger.lambda(&schedule.account, schedule.lambda);
    let runs = schedule.active && lambda.is_ok_and(|lambda| lambda.productive.is_some());
    let next = if runs { schedule.next(now_ms()) } else { None };
    ScheduleView {
        uuid: schedule.uuid,
        lambda: schedule.lambda,
        cron_expression: schedule.expression,
        is_active: schedule.active,
        created_by: schedule.created_by,
        last_execution: schedule.last_execution.map(date),
        next_execution: next.map(date),
        did_last_execution_fail: schedule.last_failed,
        invocation_body: schedule.input,
    }
}

fn schedule_id(member: &Member) -> Result<Uuid, Refusal> {
    let unknown = || Refusal::new(StatusCode::NOT_FOUND, reply::code::NOT_FOUND, "there is no such schedule");
    Uuid::try_parse(&member.id).map_err(|_| unknown())
}

/// `GET /schedules`.
#[utoipa::path(
    get, path = "/schedules", operation_id = "listSchedules", tag = "schedules",
    responses((status = 200, description = "the schedules of the account", body = Vec<ScheduleView>)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let schedules = host.ledger.schedules(member.caller.account())?;
        let views: Vec<_> = schedules.into_iter().map(|schedule| view(host, schedule)).collect();
        Ok(reply::json(StatusCode::OK, &views))
    })
    .await
}

/// `POST /schedules`.
#[utoipa::path(
    post, path = "/schedules", operation_id = "createSchedule", tag = "schedules",
    request_body = ScheduleBody,
    responses(
        (status = 201, description = "runs from the next tick on, while its lambda is deployed", body = ScheduleView),
        (status = 400, description = "names the field and the rule", body = ErrorView),
        (status = 404, description = "no such lambda", body = ErrorView),
        (status = 409, description = "the account has no schedule left", body = ErrorView),
    ),
)]
pub(crate) async fn create(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<ScheduleBody>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let judged = sent.parse()?.judge()?;
        let now = now_ms();
        let schedule = ScheduleRecord {
            uuid: Uuid::new_v4(),
            account: member.caller.account().to_owned(),
            lambda: judged.lambda.ok_or_else(|| Refusal::missing("lambdaUUID"))?,
            expression: judged.expression.ok_or_else(|| Refusal::missing("cronExpression"))?,
            active: judged.active.unwrap_or(true),
            input: judged.input,
            created_by: member.caller.name().to_owned(),
            claimed: now,
            last_execution: None,
            last_failed: None,
        };
        host.ledger.add_schedule(&schedule)?;
        host.scheduler.put(&schedule, now);
        Ok(reply::json(StatusCode::CREATED, &view(host, schedule)))
    })
    .await
}

/// `GET /schedules/{id}`.
#[utoipa::path(
    get, path = "/schedules/{id}", operation_id = "readSchedule", tag = "schedules",
    params(("id" = Uuid, Path, description = "the schedule's id")),
    responses((status = 200, description = "the schedule", body = ScheduleView), (status = 404, body = ErrorView)),
)]
pub(crate) async fn read(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let uuid = schedule_id(&member)?;
    host.blocking(move |host| {
        let schedule = host.ledger.schedule(member.caller.account(), uuid)?;
        Ok(reply::json(StatusCode::OK, &view(host, schedule)))
    })
    .await
}

/// `PUT /schedules/{id}`: what is left out stays; the lambda cannot be changed.
#[utoipa::path(
    put, path = "/schedules/{id}", operation_id = "updateSchedule", tag = "schedules",
    params(("id" = Uuid, Path, description = "the schedule's id")),
    request_body = ScheduleBody,
    responses(
        (status = 200, description = "counts from the next tick on", body = ScheduleView),
        (status = 400, description = "names the field and the rule", body = ErrorView),
        (status = 404, body = ErrorView),
    ),
)]
pub(crate) async fn update(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<ScheduleBody>,
) -> Result<Response<Body>, Refusal> {
    let uuid = schedule_id(&member)?;
    host.blocking(move |host| {
        let (account, name) = (member.caller.account(), member.caller.name());
        let judged = sent.parse()?.judge()?;
        let before = host.ledger.schedule(account, uuid)?;
        if judged.lambda.is_some_and(|lambda| lambda != before.lambda) {
            return Err(Refusal::bad_input("`lambdaUUID` cannot be changed; create another schedule"));
        }
        let schedule = host.ledger.change_schedule(account, uuid, name, |schedule| {
            if let Some(expression) = judged.expression {
                schedule.expression = expression;
            }
            schedule.active = judged.active.unwrap_or(schedule.active);
            if judged.input.is_some() {
                schedule.input = judged.input;
            }
        })?;
        host.scheduler.put(&schedule, now_ms());
        Ok(reply::json(StatusCode::OK, &view(host, schedule)))
    })
    .await
}

/// `DELETE /schedules/{id}`.
#[utoipa::path(
    delete, path = "/schedules/{id}", operation_id = "deleteSchedule", tag = "schedules",
    params(("id" = Uuid, Path, description = "the schedule's id")),
    responses((status = 204, description = "it does not run any more"), (status = 404, body = ErrorView)),
)]
pub(crate) async fn delete(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let uuid = schedule_id(&member)?;
    host.blocking(move |host| -> Result<(), Refusal> {
        host.ledger.remove_schedule(member.caller.account(), uuid, member.caller.name())?;
        host.scheduler.forget(uuid);
        Ok(())
    })
    .await?;
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

/// `GET /schedules/preview?cronExpression=`: the next runs an expression would have.
#[utoipa::path(
    get, path = "/schedules/preview", operation_id = "previewSchedule", tag = "schedules",
    params(("cronExpression" = String, Query, description = "five fields, in UTC")),
    responses(
        (status = 200, description = "the next runs", body = PreviewView),
        (status = 400, description = "says what is wrong with it", body = ErrorView),
    ),
)]
pub(crate) async fn preview(_member: Member, RawQuery(query): RawQuery) -> Result<Response<Body>, Refusal> {
    let query = Query::parse(query.as_deref())?;
    let text = query.first("cronExpression").unwrap_or_default();
    let expression = Expression::parse(text)
        .map_err(|why| Refusal::bad_input(format!("`cronExpression` cannot be used: {why}")))?;
    let ticks = std::iter::successors(expression.next_after(now_ms()), |&tick| expression.next_after(tick));
    let view = PreviewView {
        cron_expression: text.to_owned(),
        next_executions: ticks.take(PREVIEWED).map(date).collect(),
    };
    Ok(reply::json(StatusCode::OK, &view))
}
