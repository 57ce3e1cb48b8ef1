//! The web application, whose files are part of the binary. It uses the API like everybody else; all that happens here
//! is that its files leave with the right headers.
//!
//! Files under `/assets` carry the hash of their content in their name and are kept for ever by browsers. Every other
//! path that a browser navigates to is a page of the application, which is one file; it is asked for anew each time,
//! so that a new version of the server is a new version of the application at once.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header},
    response::IntoResponse as _,
};
use bytes::Bytes;

use crate::reply::Refusal;

/// A file, and where it is worth it a smaller form of it.
struct File {
    path: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
}

/// Ordered by path.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/ui_files.rs"));

const PAGE: &str = "/index.html";

/// Scripts, workers and calls of our own origin and nothing else. Style elements are allowed because the editor makes
/// them while it runs; without scripts of others they cannot do harm that matters here.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// Paths that belong to programs: what is not found there is a refusal in JSON, never a page.
const PROGRAMS: [&str; 6] = ["/api/", "/sentinel/", "/docs/api", "/health", "/ready", "/metrics"];

/// Answers what no call of the API answers.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let path = uri.path();
    if method != Method::GET && method != Method::HEAD {
        return Refusal::not_found().into_response();
    }
    let found = match find(path) {
        Some(file) => Some(file),
        None if is_page(path, &headers) => find(PAGE),
        None => None,
    };
    found.map_or_else(|| Refusal::not_found().into_response(), |file| answer(file, &headers))
}

fn find(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.path.cmp(path)).ok().and_then(|at| FILES.get(at))
}

/// Whether somebody navigates there: programs do not ask for HTML.
fn is_page(path: &str, headers: &HeaderMap) -> bool {
    let of_programs = PROGRAMS.iter().any(|prefix| path.starts_with(prefix));
    let is_asset = path.starts_with("/assets/");
    path == "/" || !of_programs && !is_asset && mentions(headers, header::ACCEPT, "text/html")
}

fn answer(file: &'static File, headers: &HeaderMap) -> Response<Body> {
    let small = file.brotli.filter(|_| mentions(headers, header::ACCEPT_ENCODING, "br"));
    let mut response = Response::new(Body::from(Bytes::from_static(small.unwrap_or(file.plain))));
    *response.status_mut() = StatusCode::OK;
    let mut set = |name, value| response.headers_mut().insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, kind(file.path));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    if file.path.starts_with("/assets/") {
        set(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    } else {
        set(header::CACHE_CONTROL, "no-cache");
    }
    if file.brotli.is_some() {
        set(header::VARY, "accept-encoding");
    }
    if small.is_some() {
        set(header::CONTENT_ENCODING, "br");
    }
    // On every file: a worker's own policy is that of its script.
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// Whether a list in a header names something and does not rule it out.
fn mentions(headers: &HeaderMap, list: header::HeaderName, wanted: &str) -> bool {
    let lists = headers.get_all(list).into_iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_wanted = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        is_wanted
            && !parts.any(|part| {
                part.strip_prefix("q=").is_some_and(|weight| weight.parse::<f32>().is_ok_and(|q| q == 0.0))
            })
    })
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn files_are_found_and_lie_in_order() {
        assert!(FILES.is_sorted_by_key(|file| file.path));
        assert!(find(PAGE).is_some());
        assert!(find("/nothing").is_none());
    }

    #[test]
    fn a_list_names_what_it_does_not_rule_out() {
        let named = |value| mentions(&headers(header::ACCEPT_ENCODING, value), header::ACCEPT_ENCODING, "br");
        assert!(named("gzip, br") && named("br;q=0.5, *") && named("BR"));
        assert!(!named("gzip") && !named("br;q=0") && !named("br; q=0.0") && !named("brotli"));
    }

    #[test]
    fn only_browsers_are_led_to_pages_and_never_where_programs_call() {
        let browser = headers(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        let program = headers(header::ACCEPT, "*/*");
        assert!(is_page("/", &program) && is_page("/develop", &browser));
        assert!(!is_page("/develop", &program));
        for path in
            ["/api/account/1/nothing", "/sentinel/nothing", "/docs/api/x", "/assets/gone.js", "/metrics"]
        {
            assert!(!is_page(path, &browser), "{path}");
        }
    }
}
