//! The domain API: where each service of an account is. All of them are this server: its public listener for calling
//! functions, its management listener, where it has one, for those who manage them.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::schemas::ErrorView;
use crate::{
    auth::table::Audience,
    config::ServeOptions,
    host::Host,
    host_name::HostName,
    reply::{self, Refusal},
};

/// The services that the published clients ask for, and whom each is for: logging in and the web application are
/// where management is.
const SERVICES: [(&str, Audience); 4] = [
    ("agentVep", Audience::Operator),
    ("faasGW", Audience::Public),
    ("faasUI", Audience::Operator),
    ("sentinel", Audience::Public),
];

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
    responses((status = 200, description = "every service: this server, under the name the operator gave it or it was called by", body = Domains<'_>), (status = 400, description = "the header `Host` is missing or misleads clients", body = ErrorView)),
)]
pub(crate) async fn list(
    State(host): State<Arc<Host>>,
    Extension(asked): Extension<Audience>,
    Path(account): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let names = Names::new(&host.options, asked, &headers)?;
    let base_uris = SERVICES
        .iter()
        .map(|(service, audience)| Domain { service, account: &account, base_uri: names.of(*audience) })
        .collect();
    Ok(reply::json(StatusCode::OK, &Domains { base_uris }))
}

/// `GET /service/{name}/baseURI.json`: one of them.
#[utoipa::path(
    get, path = "/service/{name}/baseURI.json", operation_id = "readService", tag = "session",
    params(("name" = String, Path, description = "`faasGW`, `faasUI`, `agentVep` or `sentinel`; the path also works without `.json`")),
    responses((status = 200, description = "one service", body = Domain<'_>), (status = 400, body = ErrorView), (status = 404, body = ErrorView)),
)]
pub(crate) async fn read(
    State(host): State<Arc<Host>>,
    Extension(asked): Extension<Audience>,
    Path((account, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let names = Names::new(&host.options, asked, &headers)?;
    let known = SERVICES.iter().find(|(service, _)| *service == name);
    let (service, audience) = known.ok_or_else(Refusal::not_found)?;
    Ok(reply::json(StatusCode::OK, &Domain { service, account: &account, base_uri: names.of(*audience) }))
}

/// What the two sides of this server are called.
struct Names {
    public: String,
    operator: String,
}

impl Names {
    fn of(&self, audience: Audience) -> &str {
        match audience {
            Audience::Public => &self.public,
            Audience::Operator => &self.operator,
        }
    }

    /// The operator's word, or else what can be told from how the caller reached one of the sides.
    fn new(options: &ServeOptions, asked: Audience, headers: &HeaderMap) -> Result<Self, Refusal> {
        let Some(management) = options.management_listen else {
            let own = given_or(options.public_host.as_ref(), || Ok(own_name(headers)?.to_string()))?;
            return Ok(Self { public: own.clone(), operator: own });
        };
        let name = |side, here, there| {
            let own = own_name(headers)?;
            Ok::<_, Refusal>(if side == asked { own.to_string() } else { neighbour(&own, here, there) })
        };
        Ok(Self {
            public: given_or(options.public_host.as_ref(), || {
                name(Audience::Public, management, options.listen)
            })?,
            operator: given_or(options.management_host.as_ref(), || {
                name(Audience::Operator, options.listen, management)
            })?,
        })
    }
}

fn given_or(
    given: Option<&HostName>,
    told: impl FnOnce() -> Result<String, Refusal>,
) -> Result<String, Refusal> {
    given.map_or_else(told, |name| Ok(name.to_string()))
}

/// What the other listener is called by somebody who calls this one by that name: the same host, unless the other one
/// listens on an address of its own.
fn neighbour(name: &HostName, here: SocketAddr, there: SocketAddr) -> String {
    if there.ip().is_unspecified() || there.ip() == here.ip() {
        name.at_port(there.port())
    } else {
        there.to_string()
    }
}

/// What clients call the service that gives out tokens.
pub(super) fn sentinel_name(
    options: &ServeOptions,
    asked: Audience,
    headers: &HeaderMap,
) -> Result<String, Refusal> {
    Ok(Names::new(options, asked, headers)?.of(Audience::Public).to_owned())
}

/// The host and port the caller used; the front of the server has put a trusted proxy's word there.
fn own_name(headers: &HeaderMap) -> Result<HostName, Refusal> {
    let name = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    name.parse()
        .map_err(|why| Refusal::bad_input(format!("the header `Host` cannot be told to clients: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_has_the_same_host_unless_it_listens_elsewhere() {
        let of = |here: &str, there: &str| {
            neighbour(&"shop.example".parse().unwrap(), here.parse().unwrap(), there.parse().unwrap())
        };
        assert_eq!(of("0.0.0.0:80", "0.0.0.0:81"), "shop.example:81");
        assert_eq!(of("127.0.0.1:80", "127.0.0.1:81"), "shop.example:81");
        assert_eq!(of("0.0.0.0:80", "10.0.0.7:81"), "10.0.0.7:81");
        assert_eq!(of("10.0.0.7:80", "[::]:81"), "shop.example:81");
        assert_eq!(of("0.0.0.0:80", "[fd00::1]:81"), "[fd00::1]:81");
    }
}
