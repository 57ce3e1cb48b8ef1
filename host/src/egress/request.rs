//! A request as a lambda wrote it, judged and brought into the form in which it leaves. Nothing in it is trusted.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use bytes::Bytes;
use lambkin_runtime::CompletionError;
use serde::Deserialize;
use url::{Host, Url};

use super::{coding, identity::Identity, outgoing::Outgoing};

/// Header fields of one request, and their bytes.
const MOST_FIELDS: usize = 100;
const MOST_HEADER_BYTES: usize = 32 << 10;

/// Redirects that are followed at most, as in the standard.
const MOST_REDIRECTS: u32 = 20;

/// Through how many lambdas a call came; counts up on every way out, and the way in has a budget.
pub(crate) const HOPS: HeaderName = HeaderName::from_static("x-lambkin-hops");

/// Fields that are the client's to write: the connection's own, and what tells where a request goes and where it ends.
const OURS: [&str; 13] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a field, in lower case, is written by the client and by nobody else.
pub(crate) fn is_ours(field: &str) -> bool {
    OURS.contains(&field) || field == HOPS.as_str()
}

/// Ports of protocols that an HTTP request must not be mistaken for (the standard's "bad ports").
const BAD_PORTS: [u16; 82] = [
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// What to do with a redirect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Redirect {
    Follow,
    #[default]
    Manual,
    Error,
}

/// What the guest writes (js-engine/js/operations.js).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default)]
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    redirect: Redirect,
    #[serde(default)]
    max_redirects: u32,
    #[serde(default)]
    decode: bool,
    #[serde(default)]
    timeout: f64,
    #[serde(default)]
    identity: Option<Identity>,
}

/// A request that may leave once its host is allowed.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The lambda wrote its body in chunks (its field `transfer-encoding` says so), so it leaves without a length, as
    /// it would leave Node.
    pub(crate) chunked: bool,
    pub(crate) redirect: Redirect,
    pub(crate) redirects_left: u32,
    pub(crate) decode: bool,
    /// Milliseconds until the head of the answer must be there.
    pub(crate) timeout: Option<u64>,
    /// The certificate that is shown. It goes with the request to wherever a redirect leads, as a browser's would.
    pub(crate) identity: Option<Arc<Identity>>,
}

impl Request {
    /// Judges what a guest wrote.
    pub(crate) fn read(head: &[u8], body: Bytes) -> Result<Self, CompletionError> {
        let written: Written = serde_json::from_slice(head)
            .map_err(|error| CompletionError::new("ERR_INVALID_ARG_TYPE", format!("the request: {error}")))?;
        let method = if written.method.is_empty() { "GET" } else { &written.method };
        let method = Method::from_bytes(method.as_bytes())
            .ok()
            .filter(|method| *method != Method::CONNECT && *method != Method::TRACE)
            .ok_or_else(|| CompletionError::new("ERR_INVALID_HTTP_TOKEN", "the method is not allowed"))?;
        let mut headers = headers(&written.headers)?;
        if written.decode && !headers.contains_key(header::ACCEPT_ENCODING) {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(coding::ACCEPTED));
        }
        Ok(Self {
            method,
            url: address(&written.url, None)?,
            headers,
            chunked: !body.is_empty() && is_chunked(&written.headers),
            body,
            redirect: written.redirect,
            redirects_left: written.max_redirects.min(MOST_REDIRECTS),
            decode: written.decode,
            timeout: (written.timeout >= 1.0).then_some(written.timeout as u64),
            identity: written.identity.map(Arc::new),
        })
    }

    /// The name of the host, when it is one and not an address.
    pub(crate) fn name(&self) -> Option<&str> {
        match self.url.host() {
            Some(Host::Domain(name)) => Some(name),
            _ => None,
        }
    }

    /// Why somebody other than the host could read it: it is not encrypted and leaves this machine, or it is the lambda
    /// that says whose certificate is believed.
    pub(crate) fn exposed(&self, has_proxy: bool) -> Option<&'static str> {
        let chosen = self.identity.as_ref().is_some_and(|identity| identity.believes_its_own());
        match (self.url.scheme(), self.name()) {
            ("https", _) if chosen => Some(
                "it goes only where the server judges the certificate; leave out `ca` and `rejectUnauthorized`",
            ),
            ("https", _) => None,
            (_, Some("localhost")) if !has_proxy => None,
            _ => Some("it goes over https only"),
        }
    }

    /// Host and port as they are shown.
    pub(crate) fn target(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The request as it leaves.
    pub(crate) fn leaving(&self, hops: u32) -> Result<axum::http::Request<Outgoing>, CompletionError> {
        let mut url = self.url.clone();
        url.set_fragment(None);
        let uri: Uri = url.as_str().parse().map_err(|_| invalid_url(url.as_str()))?;
        let mut request = axum::http::Request::new(Outgoing::new(self.body.clone(), self.chunked));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        let has_body =
            !self.body.is_empty() || matches!(self.method, Method::POST | Method::PUT | Method::PATCH);
        if has_body && !self.chunked {
            request.headers_mut().insert(header::CONTENT_LENGTH, self.body.len().into());
        }
        request.headers_mut().insert(HOPS, hops.into());
        Ok(request)
    }

    /// The request that a redirect leads to; `None` when the answer is to be taken as it is.
    pub(crate) fn redirected(
        &self,
        status: u16,
        location: &HeaderValue,
    ) -> Result<Option<Self>, CompletionError> {
        if self.redirect == Redirect::Manual {
            return Ok(None);
        }
        if self.redirect == Redirect::Error {
            return Err(CompletionError::new("ERR_REDIRECT", "unexpected redirect"));
        }
        if self.redirects_left == 0 {
            return Err(CompletionError::new("ERR_TOO_MANY_REDIRECTS", "redirect count exceeded"));
        }
        let location = String::from_utf8_lossy(location.as_bytes());
        let mut next = self.clone();
        next.url = address(&location, Some(&self.url))?;
        next.redirects_left -= 1;
        let is_form = matches!(status, 301 | 302) && self.method == Method::POST;
        if is_form || (status == 303 && !matches!(self.method, Method::GET | Method::HEAD)) {
            next.method = Method::GET;
            next.body = Bytes::new();
            next.chunked = false;
            for name in [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LANGUAGE] {
                next.headers.remove(name);
            }
        }
        // What proves who asks is for the one who was asked.
        if next.url.origin() != self.url.origin() {
            for name in [header::AUTHORIZATION, header::COOKIE] {
                next.headers.remove(name);
            }
        }
        Ok(Some(next))
    }
}

fn invalid_url(text: &str) -> CompletionError {
    let shown: String = text.chars().take(200).collect();
    CompletionError::new("ERR_INVALID_URL", format!("Invalid URL: {shown}"))
}

/// Where a request goes.
fn address(text: &str, base: Option<&Url>) -> Result<Url, CompletionError> {
    let mut url = Url::options().base_url(base).parse(text).map_err(|_| invalid_url(text))?;
    if !matches!(url.scheme(), "http" | "https") {
        let message =
            format!("Protocol \"{}:\" not supported. Expected \"http:\" or \"https:\"", url.scheme());
        return Err(CompletionError::new("ERR_INVALID_PROTOCOL", message));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let message = "Request cannot be constructed from a URL that includes credentials: use the header `Authorization`";
        return Err(CompletionError::new("ERR_INVALID_URL", message));
    }
    if url.port().is_some_and(|port| BAD_PORTS.contains(&port)) {
        let message = format!("bad port {}: it belongs to another protocol", url.port().unwrap_or_default());
        return Err(CompletionError::new("ERR_UNSAFE_PORT", message));
    }
    // The dot that ends an absolute name is no part of it.
    if let Some(name) = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
        if name.ends_with('.') {
            return Err(invalid_url(text));
        }
        url.set_host(Some(&name)).map_err(|_| invalid_url(text))?;
    }
    Ok(url)
}

fn headers(written: &[(String, String)]) -> Result<HeaderMap, CompletionError> {
    let size: usize = written.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    if written.len() > MOST_FIELDS || size > MOST_HEADER_BYTES {
        let message = format!(
            "a request has at most {MOST_FIELDS} header fields of {MOST_HEADER_BYTES} bytes altogether, this one has {} of {size}",
            written.len()
        );
        return Err(CompletionError::new("ERR_HEADERS_TOO_LARGE", message));
    }
    let mut headers = HeaderMap::with_capacity(written.len() + 4);
    for (name, value) in written {
        let invalid = |code, what: &str| {
            let shown: String = name.escape_default().take(60).collect();
            CompletionError::new(code, format!("Invalid {what} in header [\"{shown}\"]"))
        };
        let lower = name.to_ascii_lowercase();
        if is_ours(&lower) {
            continue;
        }
        let name = HeaderName::from_bytes(lower.as_bytes())
            .map_err(|_| invalid("ERR_INVALID_HTTP_TOKEN", "character"))?;
        let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let value = bytes.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
        headers.append(name, value.ok_or_else(|| invalid("ERR_INVALID_CHAR", "character"))?);
    }
    Ok(headers)
}

/// Whether the lambda says that it wrote its body in chunks.
fn is_chunked(fields: &[(String, String)]) -> bool {
    fields.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(head: &serde_json::Value) -> Result<Request, CompletionError> {
        Request::read(head.to_string().as_bytes(), Bytes::new())
    }

    fn name(url: &str) -> Result<Option<String>, &'static str> {
        let request = read(&json!({ "url": url })).map_err(|error| error.code)?;
        Ok(request.name().map(str::to_owned))
    }

    #[test]
    fn every_spelling_of_a_host_is_judged_by_one_name() {
        for url in [
            "http://API.Example.com/",
            "http://api.example.com./x",
            "http://api%2eexample.com",
            "http:\\\\api.example.com\\",
        ] {
            assert_eq!(name(url), Ok(Some("api.example.com".to_owned())), "{url}");
        }
        assert_eq!(name("https://bücher.example"), Ok(Some("xn--bcher-kva.example".to_owned())));
        for address in [
            "http://127.0.0.1",
            "http://2130706433",
            "http://0x7f.1",
            "http://0177.0.0.1",
            "http://127.1",
            "http://[::1]",
            "http://[::ffff:10.0.0.1]",
            "http://127.0.0.1.",
        ] {
            assert_eq!(name(address), Ok(None), "{address}");
        }
        for (url, code) in [
            ("", "ERR_INVALID_URL"),
            ("/relative", "ERR_INVALID_URL"),
            ("http://", "ERR_INVALID_URL"),
            ("http://me:word@api.example.com", "ERR_INVALID_URL"),
            ("http://api.example.com../", "ERR_INVALID_URL"),
            ("http://api.example.com@evil.com", "ERR_INVALID_URL"),
            ("file:///etc/passwd", "ERR_INVALID_PROTOCOL"),
            ("data:,x", "ERR_INVALID_PROTOCOL"),
            ("http://api.example.com:25", "ERR_UNSAFE_PORT"),
        ] {
            assert_eq!(name(url), Err(code), "{url}");
        }
    }

    #[test]
    fn fields_of_the_connection_are_not_the_lambdas() {
        let fields = json!([
            ["Host", "evil"],
            ["X-Lambkin-Hops", "0"],
            ["Transfer-Encoding", "chunked"],
            ["X", "ü"],
            ["x", "2"]
        ]);
        let request =
            read(&json!({ "url": "http://a.example", "method": "POST", "headers": fields })).unwrap();
        let leaving = request.leaving(3).unwrap();
        assert_eq!(leaving.headers()["x-lambkin-hops"], "3");
        assert_eq!(leaving.headers()["content-length"], "0");
        assert_eq!(
            leaving.headers().get_all("x").iter().map(HeaderValue::as_bytes).collect::<Vec<_>>(),
            [&[0xfc][..], b"2"]
        );
        assert!(
            !leaving.headers().contains_key("host") && !leaving.headers().contains_key("transfer-encoding")
        );
    }

    #[test]
    fn headers_have_bounds_and_no_line_breaks() {
        let code = |fields: serde_json::Value| {
            read(&json!({ "url": "http://a.example", "headers": fields })).unwrap_err().code
        };
        assert_eq!(code(json!(vec![["a", "b"]; 101])), "ERR_HEADERS_TOO_LARGE");
        assert_eq!(code(json!([["a", "b".repeat(33_000)]])), "ERR_HEADERS_TOO_LARGE");
        assert_eq!(code(json!([["a", "b\r\nc: d"]])), "ERR_INVALID_CHAR");
        assert_eq!(code(json!([["a", "\u{1f411}"]])), "ERR_INVALID_CHAR");
        assert_eq!(code(json!([["a b", "c"]])), "ERR_INVALID_HTTP_TOKEN");
        assert_eq!(
            read(&json!({ "url": "http://a.example", "method": "CONNECT" })).unwrap_err().code,
            "ERR_INVALID_HTTP_TOKEN"
        );
    }

    #[test]
    fn a_redirect_keeps_secrets_from_strangers_and_ends() {
        let fields = json!([["authorization", "secret"], ["content-type", "text/plain"]]);
        let first = json!({ "url": "http://a.example/x", "method": "POST", "headers": fields, "redirect": "follow", "maxRedirects": 1 });
        let first = read(&first).unwrap();
        let to = |text: &str| HeaderValue::from_str(text).unwrap();
        let same = first.redirected(307, &to("y?z")).unwrap().unwrap();
        assert_eq!((same.url.as_str(), &same.method), ("http://a.example/y?z", &Method::POST));
        assert!(same.headers.contains_key("authorization"));
        assert_eq!(same.redirected(307, &to("/")).unwrap_err().code, "ERR_TOO_MANY_REDIRECTS");
        let other = first.redirected(302, &to("//b.example/")).unwrap().unwrap();
        assert_eq!((other.url.as_str(), &other.method), ("http://b.example/", &Method::GET));
        assert!(other.headers.is_empty());
        assert_eq!(first.redirected(302, &to("ftp://b.example")).unwrap_err().code, "ERR_INVALID_PROTOCOL");
    }

    proptest::proptest! {
        /// Two readers of URLs are asked, one about the whitelist and one about the connection: they name one host.
        #[test]
        fn any_request_is_refused_or_leaves_whole_to_the_host_that_was_judged(
            url in r"(http:|https:)?[/\\]{0,3}[a-z0-9.:/\\@?#\[\]%é\r\n ]{0,24}|http://[\PC]{1,12}/[\PC\r\n]{0,12}",
            method in "(GET|POST|[A-Z \r\n]{0,6})",
            name in "[a-zA-Z: \r\n-]{0,8}",
            value in "[\\PC\r\n\0\u{10a}\u{10d}]{0,12}",
        ) {
            let request = read(&json!({ "url": url, "method": method, "headers": [[name, value]] }));
            let leaving = request.as_ref().ok().and_then(|request| request.leaving(1).ok());
            if let (Ok(request), Some(leaving)) = (request, leaving) {
                let host = leaving.uri().host().unwrap();
                assert_eq!(request.url.host_str(), Some(host), "{url:?}");
                assert!(!host.ends_with('.') && !host.contains(['@', '%', '\\']), "{url:?}: {host}");
                let has_port = request.url.port_or_known_default() == leaving.uri().port_u16().or(request.url.port_or_known_default());
                assert!(has_port && request.url.username().is_empty(), "{url:?}");
                let line = format!("{} {}", leaving.method(), leaving.uri());
                assert!(!line.contains(|c: char| c.is_control()) && line.matches(' ').count() == 1, "{line:?}");
                for value in leaving.headers().values() {
                    assert!(!value.as_bytes().iter().any(|byte| [0, b'\r', b'\n'].contains(byte)), "{value:?}");
                }
            }
        }

        #[test]
        fn any_bytes_are_judged(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
            let _ = Request::read(&bytes, Bytes::new());
        }
    }
}
