//! `POST /lambdas/{uuid}/module`: a module built in CI takes the place of the lambda's code.
//!
//! Its source becomes the code; the image is made from it when the lambda is deployed, with the lambda's own
//! environment. The reply says whether the image in the module is what this server's engine makes of the source
//! (`kept`) or was made by another engine (`re-frozen`).

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, Response, StatusCode, header::CONTENT_TYPE},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{lambdas::saved, member::Member, query::Query, schemas::ErrorView, view::LambdaView};
use crate::{
    artifacts::ContentHash,
    body,
    host::Host,
    lambda::Definition,
    ledger::{LedgerError, Saved, Written},
    reply::{self, Refusal},
};

/// Bytes of a module: the engine, and an image of some megabytes at most.
const MODULE_BODY: usize = 64 << 20;

/// What became of an uploaded module.
#[derive(Serialize, ToSchema)]
#[schema(as = Upload)]
struct UploadView {
    lambda: LambdaView,
    module: ModuleView,
}

/// An uploaded module.
#[derive(Serialize, ToSchema)]
#[schema(as = Module)]
#[serde(rename_all = "camelCase")]
struct ModuleView {
    image: &'static str,
    message: String,
    engine_hash: String,
    built_by: String,
    image_bytes: u64,
}

#[utoipa::path(
    post, path = "/lambdas/{uuid}/module", operation_id = "uploadModule", tag = "lambdas",
    params(
        ("uuid" = Uuid, Path, description = "the lambda"),
        ("version" = Option<u64>, Query, description = "the version the module follows; the newest when it is not given"),
    ),
    request_body(content_type = "application/wasm", content = Vec<u8>, description = "what `lambkin build` wrote"),
    responses(
        (status = 200, description = "the lambda, and what became of the module's image", body = UploadView),
        (status = 400, description = "the module was refused; the sentence says why", body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, body = ErrorView),
        (status = 413, body = ErrorView),
        (status = 415, body = ErrorView),
    ),
)]
pub(crate) async fn upload(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let uuid = member.lambda()?;
    let based_on = based_on(query.as_deref())?;
    if headers.get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes() != b"application/wasm") {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            reply::code::BAD_INPUT,
            "a module is sent with the header `Content-Type: application/wasm`",
        ));
    }
    let taken = body::read(&host, &headers, body, MODULE_BODY).await?;
    // Verifying a module may freeze its source, so it counts as a build.
    let _turn = host.deployer.builds.clone().acquire_owned().await.map_err(Refusal::internal)?;
    host.blocking(move |host| {
        let before = host.ledger.lambda(member.caller.account(), uuid)?;
        let version = based_on.unwrap_or(before.version);
        if version != before.version {
            // Before the module is verified, which may take as long as a build.
            return Err(LedgerError::Stale { given: version, newest: before.version }.into());
        }
        let module = host.runtime.read_module(&taken.bytes)?;
        let source = module.source.source();
        let definition = Definition { source: ContentHash::of(source.as_bytes()), ..before.definition };
        let new = Written { definition, source };
        let (Saved::Changed(lambda) | Saved::Unchanged(lambda)) =
            host.ledger.save(member.caller.account(), uuid, version, new, member.caller.name())?;
        let lambda = saved(host, lambda, source)?;
        let (image, message) = if module.same_engine {
            ("kept", "the image is what this server's engine makes of the source".to_owned())
        } else {
            let other = module.engine_hash.chars().take(12).collect::<String>();
            (
                "re-frozen",
                format!("the module was built with another engine ({other}); its source is frozen again"),
            )
        };
        let module = ModuleView {
            image,
            message,
            engine_hash: module.engine_hash,
            built_by: module.built_by,
            image_bytes: module.image_bytes,
        };
        Ok(reply::json(StatusCode::OK, &UploadView { lambda, module }))
    })
    .await
}

/// The version a client says its module follows: `?version=N`. Without it the newest one is meant.
fn based_on(query: Option<&str>) -> Result<Option<u64>, Refusal> {
    let query = Query::parse(query)?;
    let broken = |_| Refusal::bad_input("`version` must be the number of the version the module follows");
    query.first("version").map(|version| version.parse().map_err(broken)).transpose()
}
