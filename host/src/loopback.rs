//! Whether a request was sent to this machine by name.
//!
//! A `--dev` server has a well-known token and relies on being out of reach. A web page the developer visits is not:
//! its own name can be pointed at 127.0.0.1 (DNS rebinding), and the browser then lets it call the server. What such
//! a page cannot do is make the browser send another name than its own.

use std::net::IpAddr;

use axum::http::{HeaderMap, Uri, header, uri::Authority};

/// Whether every name the request gives its target is a loopback address or `localhost`, with any port.
pub(crate) fn names_this_machine(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter().peekable();
    hosts.peek().is_some()
        && hosts.all(|host| host.to_str().is_ok_and(|host| host.parse().is_ok_and(|host| is_loopback(&host))))
        && uri.authority().is_none_or(is_loopback)
}

fn is_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(uri: &str, hosts: &[&str]) -> bool {
        let hosts = hosts.iter().map(|host| (header::HOST, host.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for (name, host) in hosts {
            headers.append(name, host);
        }
        names_this_machine(&uri.parse().unwrap(), &headers)
    }

    #[test]
    fn loopback_addresses_and_localhost_with_any_port() {
        for good in
            ["localhost", "LocalHost:1", "127.0.0.1", "127.0.0.1:8080", "127.9.9.9", "[::1]", "[::1]:80"]
        {
            assert!(names("/", &[good]), "{good}");
        }
        for bad in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "10.0.0.1",
            "0.0.0.0",
            "[::2]",
        ] {
            assert!(!names("/", &[bad]), "{bad}");
        }
        assert!(!names("/", &[]));
        assert!(!names("/", &["localhost", "evil.example"]));
        assert!(!names("http://evil.example/", &["localhost"]));
        assert!(names("http://localhost:1/", &["localhost:1"]));
    }
}
