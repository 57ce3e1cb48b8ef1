//! The OpenAPI document: made from the handlers' own declarations, checked in as `docs/openapi.json`, served at
//! `/openapi.json`. A test fails when the checked-in file is not what the code says.

use std::sync::OnceLock;

use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, StatusCode, header},
};
use bytes::Bytes;
use utoipa::{
    OpenApi,
    openapi::{
        self, Content, Ref, RefOr, ResponseBuilder, SecurityRequirement,
        path::{Operation, ParameterBuilder, ParameterIn},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    accounts, activities, api_keys, apps, check, deployments, domains, events, health, invocations, invoke,
    lambdas, limits, login, logs, module, profiles, reports, runtimes, schedules, schemas, secrets, sentinel,
    settings, signing_keys, templates, users, versions, whitelist,
};
use crate::{
    auth::table::{self, Need},
    reply,
};

/// Where all calls about an account are.
const ACCOUNT: &str = "/api/account/{account}";

/// Calls anybody may make.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lambkin",
        description = "Runs small JavaScript functions, each call in a fresh instance of a frozen image.\n\nEvery error body is `{errorCode, errorMsg}`: a stable code and a sentence. Unknown query parameters are ignored, empty ones count as absent.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        health::health,
        health::ready,
        health::metrics,
        document,
        sentinel::app_token::app_token,
        sentinel::app_token::app_token_v2,
        sentinel::authorize::authorize,
        sentinel::authorize::agree,
        sentinel::token::token,
        sentinel::revoke::revoke,
        sentinel::discovery::discover,
        sentinel::keys::public_keys,
    ),
    components(schemas(schemas::ErrorView)),
    tags(
        (name = "lambdas", description = "Functions and their sources"),
        (name = "versions", description = "What functions were, and the way back"),
        (name = "deployments", description = "Putting functions in service and out of it"),
        (name = "invocation", description = "Calling functions"),
        (name = "schedules", description = "When functions run by themselves"),
        (name = "events", description = "What calls functions"),
        (name = "whitelist", description = "Where functions may call"),
        (name = "secrets", description = "What functions and headers need and nobody else should see"),
        (name = "activities", description = "Who did what when"),
        (name = "session", description = "Logging in, and where the services are"),
        (name = "users", description = "Who may log in; accounts, for the operator"),
        (name = "apps", description = "Programs that get tokens"),
        (name = "oauth", description = "Tokens; errors here are `{error, error_description}`"),
        (name = "logs", description = "What functions logged, and what became of their invocations"),
        (name = "reports", description = "How much an account has and uses"),
        (name = "platform", description = "The server itself"),
    )
)]
struct Public;

/// Calls about one account.
#[derive(OpenApi)]
#[openapi(paths(
    lambdas::list,
    lambdas::create,
    lambdas::read,
    lambdas::update,
    lambdas::delete,
    module::upload,
    check::check,
    deployments::list_all,
    deployments::list,
    deployments::deploy,
    deployments::undeploy,
    invoke::invoke,
    invoke::invoke_event,
    logs::list,
    logs::export,
    invocations::list,
    reports::limit_counts,
    reports::lambda_counts,
    reports::invocation_counts,
    reports::invocations,
    settings::read,
    settings::change,
    runtimes::list,
    limits::list,
    events::list,
    events::is_implemented,
    login::login,
    login::refresh,
    login::logout,
    login::change_password,
    domains::list,
    domains::read,
    users::list,
    users::create,
    users::update,
    users::reset,
    users::delete,
    api_keys::list,
    api_keys::create,
    api_keys::delete,
    apps::list,
    apps::create,
    apps::read,
    apps::update,
    apps::delete,
    apps::renew_secret,
    profiles::list,
    profiles::create,
    profiles::update,
    profiles::delete,
    accounts::list,
    accounts::create,
    signing_keys::list,
    signing_keys::rotate,
    whitelist::list,
    whitelist::add,
    whitelist::remove,
    schedules::list,
    schedules::create,
    schedules::preview,
    schedules::read,
    schedules::update,
    schedules::delete,
    versions::list,
    versions::read,
    versions::difference,
    versions::roll_back,
    secrets::list,
    secrets::create,
    secrets::update_named,
    secrets::read,
    secrets::read_plain,
    secrets::update,
    secrets::delete,
    activities::list,
    templates::list,
))]
struct InAccount;

/// The whole document.
pub(crate) fn describe() -> openapi::OpenApi {
    let mut members = InAccount::openapi();
    for (path, item) in &mut members.paths.paths {
        let operations = [
            (Method::GET, &mut item.get),
            (Method::POST, &mut item.post),
            (Method::PUT, &mut item.put),
            (Method::DELETE, &mut item.delete),
        ];
        for (method, operation) in operations {
            let is_open = table::need(&method, &format!("{ACCOUNT}{path}")) == Some(Need::Nothing);
            if let Some(operation) = operation {
                belongs_to_an_account(operation, is_open);
            }
        }
    }
    let mut document = Public::openapi().nest(ACCOUNT, members);
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    document
}

/// What every call about an account has: its account and, unless it is open to anybody, its token and the refusals
/// before it is looked at.
fn belongs_to_an_account(operation: &mut Operation, is_open: bool) {
    let account = ParameterBuilder::new()
        .name("account")
        .parameter_in(ParameterIn::Path)
        .required(openapi::Required::True)
        .description(Some("the account"))
        .schema(Some(openapi::ObjectBuilder::new().schema_type(openapi::Type::String)))
        .build();
    operation.parameters.get_or_insert_default().insert(0, RefOr::T(account));
    if is_open {
        return;
    }
    operation.security = Some(vec![SecurityRequirement::new("bearer", [""; 0])]);
    for (status, why) in [
        ("401", "the call carries no valid token"),
        ("403", "the token does not allow this here"),
        ("429", "too many calls; `Retry-After` says when to come back"),
        ("500", "the server's own trouble"),
    ] {
        let error = Content::new(Some(Ref::from_schema_name("Error")));
        let response = ResponseBuilder::new().description(why).content("application/json", error).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
}

/// The document as text: indented, ends with a newline.
fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut text = describe().to_pretty_json().unwrap_or_default();
        text.push('\n');
        text
    })
}

/// `GET /openapi.json`.
#[utoipa::path(get, path = "/openapi.json", operation_id = "describe", tag = "platform", responses((status = 200, description = "this document", body = Object)))]
pub(crate) async fn document() -> Response<Body> {
    let mut response = reply::json_bytes(StatusCode::OK, Bytes::from_static(text().as_bytes()));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checked_in_document_is_what_the_code_says() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, text()).unwrap();
        }
        let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            checked_in == text(),
            "docs/openapi.json is not what the code says; read the difference after: UPDATE_GOLDEN=1 cargo test --release --package lambkin-host openapi"
        );
    }

    /// A path without the names of its parameters, which the router and the document choose for themselves.
    fn shape(path: &str) -> String {
        let mut shape = String::new();
        let mut is_name = false;
        for letter in path.chars() {
            is_name = letter == '{' || (is_name && letter != '}');
            if !is_name {
                shape.push(letter);
            }
        }
        shape
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        use std::collections::BTreeSet;
        let document: serde_json::Value = serde_json::from_str(text()).unwrap();
        let mut described = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                described.insert((method.to_uppercase(), shape(path)));
            }
        }
        // The page is for people; the other two are second spellings of routes that are described.
        let is_alias =
            |route: &str| route == "/docs/api" || route.ends_with("/lambdas/") || route.ends_with("/baseURI");
        let routes = crate::api::routes().list().into_iter().filter(|(_, route)| !is_alias(route));
        assert_eq!(routes.map(|(method, route)| (method, shape(&route))).collect::<BTreeSet<_>>(), described);
    }

    #[test]
    fn operations_have_names_of_their_own_and_every_reference_leads_somewhere() {
        let document: serde_json::Value = serde_json::from_str(text()).unwrap();
        let mut names = std::collections::BTreeSet::new();
        for operations in document["paths"].as_object().unwrap().values() {
            for operation in operations.as_object().unwrap().values() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{name} twice");
            }
        }
        assert!(names.len() > 15);
        for reference in text().split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(!document["components"]["schemas"][name].is_null(), "{name}");
        }
    }
}
