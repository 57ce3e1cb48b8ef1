//! The domain API: where each service of an account is. All of them are this server, under the name the caller
//! reached it by.

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, Response, StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::schemas::ErrorView;
use crate::reply::{self, Refusal};

/// The services that the published clients ask for.
const SERVICES: [&str; 4] = ["agentVep", "faasGW", "faasUI", "sentinel"];

/// Where a service is.
#[derive(Serialize, ToSchema)]
#[schema(as = Service)]
#[serde(rename_all = "camelCase")]
struct Domain<'a> {
    service: &'a str,
    account: &'a str,
    #[serde(rename = "baseURI")]
    base_uri: &'a str,
}

/// Where the services are.
#[derive(Serialize, ToSchema)]
#[schema(as = Services)]
struct Domains<'a> {
    #[serde(rename = "baseURIs")]
    base_uris: Vec<Domain<'a>>,
}

/// `GET /service/baseURI.json`: every service.
#[utoipa::path(
    get, path = "/service/baseURI.json", operation_id = "listServices", tag = "session",
    responses((status = 200, description = "every service: this server, under the name it was called by", body = Domains<'_>), (status = 400, description = "the header `Host` is missing or misleads clients", body = ErrorView)),
)]
pub(crate) async fn list(Path(account): Path<String>, headers: HeaderMap) -> Result<Response<Body>, Refusal> {
    let base_uri = own_name(&headers)?;
    let base_uris = SERVICES.iter().map(|service| Domain { service, account: &account, base_uri }).collect();
    Ok(reply::json(StatusCode::OK, &Domains { base_uris }))
}

/// `GET /service/{name}/baseURI.json`: one of them.
#[utoipa::path(
    get, path = "/service/{name}/baseURI.json", operation_id = "readService", tag = "session",
    params(("name" = String, Path, description = "`faasGW`, `faasUI`, `agentVep` or `sentinel`; the path also works without `.json`")),
    responses((status = 200, description = "one service", body = Domain<'_>), (status = 400, body = ErrorView), (status = 404, body = ErrorView)),
)]
pub(crate) async fn read(
    Path((account, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let base_uri = own_name(&headers)?;
    let known = SERVICES.iter().find(|service| **service == name);
    let service = known.ok_or_else(Refusal::not_found)?;
    Ok(reply::json(StatusCode::OK, &Domain { service, account: &account, base_uri }))
}

/// The host and port the caller used; the front of the server has put a trusted proxy's word there.
pub(super) fn own_name(headers: &HeaderMap) -> Result<&str, Refusal> {
    let name = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| !host.is_empty());
    let name = name.ok_or_else(|| Refusal::bad_input("the header `Host` is missing"))?;
    // The published client takes such a name for one of the platform's second edition and changes its paths.
    if name.contains("functions") || name.contains("fninvocations") {
        return Err(Refusal::bad_input(
            "clients take a host whose name has `functions` in it for the second edition of the platform; call this server by another name",
        ));
    }
    Ok(name)
}
