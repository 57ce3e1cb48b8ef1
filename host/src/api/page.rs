//! The OpenAPI document as a page for people: one file of HTML without a script, made from the same document that
//! programs get, so that it cannot say anything else.

use std::sync::OnceLock;

use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use super::openapi;

/// The page needs its own style and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'sha256-";

const STYLE: &str = "\
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
code{font:.9em ui-monospace,monospace}summary{cursor:pointer;padding:.3rem 0}details{border-bottom:1px solid #8884}\
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0}\
.method{display:inline-block;min-width:4.5rem;font-weight:700}";

/// `GET /docs/api`.
pub(crate) async fn page() -> Response<Body> {
    static PAGE: OnceLock<(String, Option<HeaderValue>)> = OnceLock::new();
    let (text, policy) = PAGE.get_or_init(|| {
        let document = serde_json::to_value(openapi::describe()).unwrap_or_default();
        (render(&document).into_string(), HeaderValue::try_from(policy()).ok())
    });
    let mut response = Response::new(Body::from(text.as_str()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(policy) = policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}

fn policy() -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};
    format!(
        "{POLICY}{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        STANDARD.encode(Sha256::digest(STYLE))
    )
}

fn render(document: &Value) -> Markup {
    let tags = document["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (text(&document["info"]["title"])) " API" }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                h1 { (text(&document["info"]["title"])) " API " (text(&document["info"]["version"])) }
                @for paragraph in text(&document["info"]["description"]).split("\n\n") { p { (paragraph) } }
                p { "For programs: " a href="/openapi.json" { "openapi.json" } }
                @for tag in tags {
                    h2 { (text(&tag["name"])) }
                    p { (text(&tag["description"])) }
                    @for (path, method, operation) in operations(document, text(&tag["name"])) {
                        details id=(text(&operation["operationId"])) {
                            summary { span.method { (method.to_uppercase()) } " " code { (path) } }
                            (described(operation))
                        }
                    }
                }
                h2 { "Shapes" }
                @for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
                    details id={ "schema-" (name) } {
                        summary { code { (name) } }
                        p { (text(&schema["description"])) }
                        (properties(schema))
                    }
                }
            }
        }
    }
}

/// The operations of a tag, in the order of their paths.
fn operations<'a>(document: &'a Value, tag: &'a str) -> impl Iterator<Item = (&'a str, &'a str, &'a Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            item.as_object()
                .into_iter()
                .flatten()
                .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .filter(move |(_, _, operation)| operation["tags"][0] == tag)
}

fn described(operation: &Value) -> Markup {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        p { (text(&operation["summary"])) " " (text(&operation["description"])) }
        @if !parameters.is_empty() {
            table {
                tr { th { "parameter" } th { "in" } th { "type" } th { "meaning" } }
                @for parameter in parameters {
                    tr {
                        td { code { (text(&parameter["name"])) } @if parameter["required"] == true { " (required)" } }
                        td { (text(&parameter["in"])) }
                        td { (kind(&parameter["schema"])) }
                        td { (text(&parameter["description"])) }
                    }
                }
            }
        }
        @for (media, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            p { "Body, " code { (media) } ": " (kind(&content["schema"])) }
        }
        table {
            tr { th { "answer" } th { "body" } th { "meaning" } }
            @for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                tr {
                    td { (status) }
                    td { @for content in response["content"].as_object().into_iter().flat_map(|all| all.values()) { (kind(&content["schema"])) " " } }
                    td { (text(&response["description"])) }
                }
            }
        }
    }
}

fn properties(schema: &Value) -> Markup {
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        table {
            @for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                tr {
                    td { code { (name) } @if required.iter().any(|it| it == name) { " (always)" } }
                    td { (kind(property)) }
                    td { (text(&property["description"])) }
                }
            }
            @for value in schema["enum"].as_array().into_iter().flatten() { tr { td { code { (text(value)) } } } }
        }
    }
}

/// A type in a word, a link where it has a name.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return html! { a href={ "#schema-" (name) } { (name) } };
    }
    let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(choices) = choices {
        return html! { @for (n, choice) in choices.iter().enumerate() { @if n > 0 { " or " } (kind(choice)) } };
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect(),
        one => vec![one.as_str().unwrap_or("anything")],
    };
    html! {
        (names.join(" or "))
        @if schema["items"].is_object() { " of " (kind(&schema["items"])) }
        @if let Some(format) = schema["format"].as_str() { " (" (format) ")" }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_operation_and_escapes_what_it_shows() {
        let document = serde_json::to_value(openapi::describe()).unwrap();
        let page = render(&document).into_string();
        for item in document["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let id = format!("id=\"{}\"", operation["operationId"].as_str().unwrap());
                assert!(page.contains(&id), "{id} is missing; does its tag stand in the document?");
            }
        }
        let hostile = serde_json::json!({"info": {"title": "<script>alert(1)</script>"}});
        assert!(!render(&hostile).into_string().contains("<script"));
    }
}
