//! The page on which a user logs in and agrees. One form, no script, nothing loaded from anywhere; it may be shown in no
//! frame, and the browser may take what is typed here to this server and on to the app's redirect URI, nowhere else.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{
    no_store,
    request::{AuthorizationRequest, NARROWED},
};
use crate::{
    oauth::{Scope, redirect_uri},
    reply::Refusal,
};

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8886;--accent:#2557a7}\
@media(prefers-color-scheme:dark){:root{--accent:#8ab4f8}}\
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center}\
main{width:min(24rem,100vw - 2rem);padding:2rem 1rem}\
h1{font-size:1.3rem;margin:0 0 1rem;overflow-wrap:anywhere}\
p,li{overflow-wrap:anywhere}ul{padding-left:1.2rem}\
label{display:block;margin-top:.8rem}\
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid var(--line);border-radius:.3rem}\
.buttons{display:flex;gap:.8rem;margin-top:1.2rem}\
button{font:inherit;flex:1;padding:.55rem;border:1px solid var(--line);border-radius:.3rem;cursor:pointer}\
button.allow{background:var(--accent);color:Canvas;border-color:var(--accent);font-weight:600}\
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}\
.error{border-left:4px solid #c5221f;padding:.3rem .8rem}.small{font-size:.85rem;opacity:.8}";

/// What the user already typed, and what was wrong with it.
#[derive(Debug, Default)]
pub(super) struct Attempt<'a> {
    pub(super) username: &'a str,
    pub(super) error: Option<String>,
}

/// The form for a request, with what proves that it was sent from here.
pub(super) fn form(
    request: &AuthorizationRequest,
    csrf: &str,
    attempt: &Attempt<'_>,
    status: StatusCode,
) -> Result<Response<Body>, Refusal> {
    let app = &request.app;
    let name = &app.metadata.name;
    let back = &request.back;
    let hidden = [
        ("csrf", Some(csrf)),
        ("response_type", Some("code")),
        ("client_id", Some(app.client_id.as_str())),
        ("redirect_uri", back.named.then_some(back.redirect_uri.as_str())),
        ("state", back.state.as_deref()),
        ("code_challenge", request.wish.challenge.as_deref()),
        ("code_challenge_method", request.wish.challenge.as_ref().map(|_| "S256")),
        ("nonce", request.wish.nonce.as_deref()),
        // What is sent back is what the user saw, so whether the app asked for more has to be sent along.
        (NARROWED, request.wish.narrowed.then_some("true")),
    ];
    let target = redirect_uri::source(&back.redirect_uri).unwrap_or_default();
    let body = html! {
        h1 { "Log in to let " (name) " in" }
        p { strong { (name) } " wants to, in account " (app.account) ":" }
        ul {
            @for line in purposes(request.wish.scope) { li { (line) } }
        }
        @if let Some(error) = &attempt.error { p.error role="alert" { (error) } }
        form method="post" action="authorize" {
            @for (name, value) in hidden {
                @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
            }
            input type="hidden" name="scope" value=(request.wish.scope.text());
            label for="username" { "User name" }
            input id="username" name="username" value=(attempt.username) autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="128" required autofocus;
            label for="password" { "Password" }
            input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required;
            div.buttons {
                button.allow name="decision" value="allow" { "Log in and allow" }
                button name="decision" value="deny" formnovalidate { "Deny" }
            }
        }
        p.small { "You will be sent on to " (target) }
    };
    let source = format!("'self' {target}");
    respond(status, "Log in", &body, &source)
}

/// A page that says why there is no form.
pub(super) fn apology(status: StatusCode, why: &str) -> Response<Body> {
    let body = html! {
        h1 { "This did not work" }
        p.error { (why) }
        p { "Go back to the app and start again. If that does not help, tell those who run the app." }
    };
    respond(status, "Error", &body, "'none'").unwrap_or_default()
}

fn purposes(scope: Scope) -> impl Iterator<Item = &'static str> {
    [
        (Scope::ACCOUNT, "do whatever you may do, in your name"),
        (Scope::INVOKE, "call functions in your name"),
        (Scope::OPENID, "know who you are"),
    ]
    .into_iter()
    .filter(move |(purpose, _)| scope.has(*purpose))
    .map(|(_, line)| line)
}

fn respond(status: StatusCode, title: &str, body: &Markup, action: &str) -> Result<Response<Body>, Refusal> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="robots" content="noindex";
                title { (title) " - Lambkin" }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action {action}; base-uri 'none'; frame-ancestors 'none'",
        STANDARD.encode(Sha256::digest(STYLE))
    );
    let mut response = no_store(Response::new(Body::from(page.into_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let policy = HeaderValue::try_from(policy).map_err(Refusal::internal)?;
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Tells this server where the form came from, and nobody else anything.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}
