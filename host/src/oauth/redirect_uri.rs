//! Where users are sent back to with a code: only where an app said so when it was installed, to the letter. The one
//! exception is RFC 8252's (7.3): a program on the user's own machine listens on a port it gets at run time, so for
//! loopback addresses any port will do.

use url::{Host, Url};

/// Characters of a redirect URI.
pub(crate) const MAX_URI: usize = 2_000;

/// The names of this machine that a redirect URI may have.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

/// Judges a redirect URI that an app wishes to register. The error is the rule it breaks.
pub(crate) fn judge(text: &str) -> Result<(), &'static str> {
    if text.len() > MAX_URI {
        return Err("is longer than 2000 characters");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(['\\', '"', '<', '>', '\'', '`']) {
        return Err("has characters that must be escaped");
    }
    if text.contains('*') {
        return Err("has a wildcard; every redirect URI is registered as it is");
    }
    let url = Url::parse(text).map_err(|_| "is no absolute URI")?;
    if text.contains('#') {
        return Err("has a fragment");
    }
    if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
        return Err("has a user name");
    }
    match url.scheme() {
        "https" | "http" if !text.starts_with(&format!("{}://", url.scheme())) => {
            Err("must begin with `https://`, in small letters")
        }
        "https" if url.host().is_some() => Ok(()),
        "https" => Err("has no host"),
        "http" if loopback(&url) => Ok(()),
        "http" => Err("must begin with `https:`; `http:` is for 127.0.0.1, [::1] and localhost"),
        // A domain the app's maker owns, turned around (RFC 8252, 7.1). A scheme of one word could be anybody's.
        scheme if scheme.contains('.') => Ok(()),
        _ => Err("must begin with `https:`, or with a scheme such as `com.example.app:`"),
    }
}

/// Whether a redirect URI of a request is a registered one.
pub(crate) fn matches(registered: &str, given: &str) -> bool {
    registered == given || on_loopback(registered).is_some_and(|one| on_loopback(given) == Some(one))
}

/// What a browser may be led to when it has sent the form: the origin, or the scheme where that is all there is.
/// As it stands in a content security policy; made of a URI that was judged.
pub(crate) fn source(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    match url.scheme() {
        "http" | "https" => Some(url.origin().ascii_serialization()),
        scheme => Some(format!("{scheme}:")),
    }
}

/// The host and what is behind the port, of a loopback URI.
fn on_loopback(text: &str) -> Option<(&'static str, &str)> {
    let rest = text.strip_prefix("http://")?;
    let (host, rest) = LOOPBACK.iter().find_map(|host| Some((*host, rest.strip_prefix(host)?)))?;
    let rest = match rest.strip_prefix(':') {
        None => rest,
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (port, rest) = rest.split_at_checked(digits)?;
            port.parse::<u16>().ok().filter(|port| *port != 0)?;
            rest
        }
    };
    // Nothing but a port may stand between the host and the path, or the host would be another one.
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

fn loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Host, port and whatever else stands before the path.
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_registered() {
        for good in [
            "https://app.example/callback",
            "https://app.example:8443/callback?tenant=1",
            "http://127.0.0.1/callback",
            "http://[::1]:3000/",
            "http://localhost:3000/callback",
            "com.example.app:/callback",
            "com.example.app://callback",
        ] {
            assert_eq!(judge(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/callback",
            "callback",
            "//app.example/callback",
            "http://app.example/callback",
            "http://localhost.example/callback",
            "http://127.0.0.1.example/",
            "https://app.example/callback#part",
            "https://app.example/#",
            "https://user@app.example/",
            "https://@app.example/",
            "https://user:password@app.example/",
            "https://*.app.example/",
            "https://app.example/*",
            "https://app.example/a b",
            "https://app.example/\r\nSet-Cookie:x",
            "https://app.example\\@evil.example/",
            "https://app.example/é",
            "https://",
            "https:app.example/callback",
            "HTTPS://app.example/callback",
            "http:/localhost/callback",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "myapp://callback",
            "https://app.example/\"",
            &format!("https://app.example/{}", "x".repeat(2_000)),
        ] {
            assert!(judge(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_registered_uri_is_matched_to_the_letter() {
        let registered = "https://app.example/callback";
        assert!(matches(registered, registered));
        for other in [
            "https://app.example/callback/",
            "https://app.example/callback?x",
            "https://app.example/callback#x",
            "https://app.example/callback/../evil",
            "https://app.example:443/callback",
            "https://APP.example/callback",
            "http://app.example/callback",
            "https://app.example.evil.example/callback",
            "https://app.example@evil.example/callback",
            "https://evil.example/?https://app.example/callback",
            "https://app.example/callbac",
            "",
        ] {
            assert!(!matches(registered, other), "{other}");
        }
    }

    #[test]
    fn a_loopback_uri_takes_any_port_and_nothing_else() {
        let registered = "http://127.0.0.1/callback";
        for port in ["", ":1", ":3000", ":65535"] {
            assert!(matches(registered, &format!("http://127.0.0.1{port}/callback")), "{port}");
            assert!(matches("http://localhost:3000/", &format!("http://localhost{port}/")), "{port}");
            assert!(matches("http://[::1]:3000/", &format!("http://[::1]{port}/")), "{port}");
        }
        for other in [
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:80@evil.example/callback",
            "http://127.0.0.1:80.evil.example/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.1@evil.example/callback",
            "http://127.0.0.1\\evil.example/callback",
            "http://localhost/callback",
            "http://127.0.0.2/callback",
            "https://127.0.0.1/callback",
            "http://127.0.0.1:80/callback/",
            "http://127.0.0.1:80/callback?x=y",
            "http://127.0.0.1:80#/callback",
        ] {
            assert!(!matches(registered, other), "{other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_match_never_leads_anywhere_else(between in r"[0-9@:/\\.#?a-z\[\]%-]{0,12}") {
            let given = format!("http://127.0.0.1{between}/callback");
            if matches("http://127.0.0.1/callback", &given) {
                let url = Url::parse(&given).unwrap();
                assert_eq!((url.host_str(), url.path(), url.query()), (Some("127.0.0.1"), "/callback", None));
                assert!(url.username().is_empty() && url.fragment().is_none());
            }
        }
    }

    #[test]
    fn a_policy_gets_no_more_than_the_origin() {
        let source = |text| source(text).unwrap();
        assert_eq!(source("https://app.example/a;b?c=d"), "https://app.example");
        assert_eq!(source("http://127.0.0.1:3000/x"), "http://127.0.0.1:3000");
        assert_eq!(source("com.example.app:/x"), "com.example.app:");
    }
}
