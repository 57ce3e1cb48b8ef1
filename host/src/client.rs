//! Who is at the other end, and how the client addressed the server, when there are proxies in between.
//!
//! What a proxy says about its client (`X-Forwarded-*`, `Forwarded`) can be said by anybody, so it is believed only
//! where the operator named the address it comes from (`--trusted-proxy`). Either way these header fields are taken
//! off the request: what is left is one place each to look at, [`ClientAddress`], [`Encrypted`] and the header
//! `Host`.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, header, uri::Authority};
use ipnet::IpNet;

const FORWARDED: HeaderName = header::FORWARDED;
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// Proxies in a row that are looked through.
const MAX_PROXIES: usize = 32;

/// The address a request comes from: the peer's, or what a trusted proxy says. In every request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// In the extensions of a request that came, or that a trusted proxy says came, over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encrypted;

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    pub(crate) encrypted: bool,
}

/// What proxies say about a client.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    address: Option<IpAddr>,
    encrypted: Option<bool>,
    host: Option<HeaderValue>,
}

/// Notes who sent a request and how.
pub(crate) fn identify<B>(request: &mut Request<B>, peer: Peer, trusted: &[IpNet]) {
    let address = peer.address.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    // HTTP/2 has the host in the request's address.
    if !request.headers().contains_key(header::HOST)
        && let Some(host) = request.uri().authority().and_then(|host| authority(host.as_str()))
    {
        request.headers_mut().insert(header::HOST, host);
    }
    let said = match is_trusted(address) {
        true => listen(request.headers(), is_trusted),
        false => Said::default(),
    };
    let headers = request.headers_mut();
    for name in [FORWARDED, FORWARDED_FOR, FORWARDED_PROTO, FORWARDED_HOST, REAL_IP] {
        headers.remove(name);
    }
    if let Some(host) = said.host {
        headers.insert(header::HOST, host);
    }
    if said.encrypted.unwrap_or(peer.encrypted) {
        request.extensions_mut().insert(Encrypted);
    }
    request.extensions_mut().insert(ClientAddress(said.address.unwrap_or(address)));
}

/// Puts together what the header fields of a trusted proxy say.
fn listen(headers: &HeaderMap, is_trusted: impl Fn(IpAddr) -> bool) -> Said {
    let classic = Said {
        address: first_stranger(items(headers, &FORWARDED_FOR).into_iter().rev().map(address), &is_trusted),
        encrypted: items(headers, &FORWARDED_PROTO).last().and_then(|scheme| is_https(scheme)),
        host: items(headers, &FORWARDED_HOST).last().and_then(|host| authority(host)),
    };
    let elements = items(headers, &FORWARDED);
    if elements.is_empty() {
        return classic;
    }
    let nearest = elements.last().copied().unwrap_or_default();
    let standard = Said {
        address: first_stranger(
            elements.into_iter().rev().map(|element| address(parameter(element, "for")?)),
            &is_trusted,
        ),
        encrypted: parameter(nearest, "proto").and_then(is_https),
        host: parameter(nearest, "host").and_then(authority),
    };
    if classic == Said::default() {
        return standard;
    }
    // A proxy writes one of the two and passes the other on as the client sent it. Which is which cannot be told, so
    // what they disagree about is not believed.
    Said {
        address: standard.address.filter(|_| standard.address == classic.address),
        encrypted: standard.encrypted.filter(|_| standard.encrypted == classic.encrypted),
        host: standard.host.filter(|host| classic.host.as_ref() == Some(host)),
    }
}

/// The first address, from the nearest proxy outwards, that is no trusted proxy. Only trusted proxies' words count,
/// so the walk ends at what is no address.
fn first_stranger(
    addresses: impl Iterator<Item = Option<IpAddr>>,
    is_trusted: impl Fn(IpAddr) -> bool,
) -> Option<IpAddr> {
    let mut seen = None;
    for address in addresses.take(MAX_PROXIES) {
        let Some(address) = address else { break };
        seen = Some(address);
        if !is_trusted(address) {
            break;
        }
    }
    seen
}

/// The parts of a list that may be spread over several fields.
fn items<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    let values = headers.get_all(name).iter();
    // A field that is no text spoils what is left of it, which the walk from the right must not skip unnoticed.
    values.flat_map(|value| value.to_str().unwrap_or("?").split(',')).map(str::trim).collect()
}

/// The value of a parameter of one element of `Forwarded`.
fn parameter<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let value = element.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })?;
    Some(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// An address, with or without a port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(address, _)| address)?,
        None => match text.split_once(':') {
            // One colon is a port's, several are an IPv6 address's.
            Some((address, port)) if !port.contains(':') => address,
            _ => text,
        },
    };
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

fn is_https(scheme: &str) -> Option<bool> {
    match scheme {
        _ if scheme.eq_ignore_ascii_case("https") => Some(true),
        _ if scheme.eq_ignore_ascii_case("http") => Some(false),
        _ => None,
    }
}

fn authority(host: &str) -> Option<HeaderValue> {
    let authority: Authority = host.parse().ok()?;
    (!authority.as_str().contains('@')).then(|| HeaderValue::from_str(host).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1";

    /// Client address, whether encrypted, and the host, of a request from `peer` with these header fields.
    fn identified(peer: &str, fields: &[(&str, &str)]) -> (String, bool, String) {
        let mut request = Request::new(());
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("inside"));
        for (name, value) in fields {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let peer = Peer { address: peer.parse().unwrap(), encrypted: false };
        identify(&mut request, peer, &trusted);
        assert_eq!(request.headers().len(), 1, "nothing forwarded is left");
        let ClientAddress(address) = *request.extensions().get().unwrap();
        let encrypted = request.extensions().get::<Encrypted>().is_some();
        (address.to_string(), encrypted, request.headers()[header::HOST].to_str().unwrap().to_owned())
    }

    fn address_of(peer: &str, fields: &[(&str, &str)]) -> String {
        identified(peer, fields).0
    }

    #[test]
    fn strangers_are_not_believed() {
        let all = [
            ("x-forwarded-for", "1.2.3.4"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "outside"),
            ("forwarded", "for=1.2.3.4;proto=https;host=outside"),
            ("x-real-ip", "1.2.3.4"),
        ];
        assert_eq!(identified("9.9.9.9", &all), ("9.9.9.9".into(), false, "inside".into()));
        assert_eq!(identified(PROXY, &all), ("1.2.3.4".into(), true, "outside".into()));
        // The same address in its IPv6 form.
        assert_eq!(address_of("::ffff:10.0.0.1", &all), "1.2.3.4");
        assert_eq!(address_of("::ffff:9.9.9.9", &[]), "9.9.9.9");
    }

    #[test]
    fn the_nearest_address_that_is_no_proxy_counts() {
        let of = |list: &str| address_of(PROXY, &[("x-forwarded-for", list)]);
        assert_eq!(of("6.6.6.6, 1.2.3.4"), "1.2.3.4", "what the client itself wrote does not");
        assert_eq!(of("6.6.6.6, 1.2.3.4, 10.0.0.9, 10.1.1.1"), "1.2.3.4");
        assert_eq!(of("10.0.0.9"), "10.0.0.9", "everybody is a proxy: the farthest");
        assert_eq!(of("1.2.3.4, nonsense"), PROXY, "what the nearest says is no address");
        assert_eq!(of("1.2.3.4, nonsense, 10.0.0.9"), "10.0.0.9");
        assert_eq!(of(""), PROXY);
        let two = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.2.3.4")];
        assert_eq!(address_of(PROXY, &two), "1.2.3.4");
        assert_eq!(of("1.2.3.4:80"), "1.2.3.4");
        assert_eq!(of("[2001:db8::1]:80"), "2001:db8::1");
        assert_eq!(of("2001:db8::1"), "2001:db8::1");
        let bytes = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "\u{e9}")];
        assert_eq!(address_of(PROXY, &bytes), PROXY);
    }

    #[test]
    fn the_host_of_an_http_2_request_is_where_handlers_look() {
        let mut request = Request::builder().uri("https://shop.example:1/path").body(()).unwrap();
        identify(&mut request, Peer { address: PROXY.parse().unwrap(), encrypted: true }, &[]);
        assert_eq!(request.headers()[header::HOST], "shop.example:1");
        assert!(request.extensions().get::<Encrypted>().is_some());
    }

    #[test]
    fn the_standard_field_is_read_too() {
        let of = |text: &str| identified("fd00::1", &[("forwarded", text)]);
        let seen = of(r#"for=6.6.6.6, For="[2001:db8::7]:4711";Proto=HTTPS;host="shop.example:1""#);
        assert_eq!(seen, ("2001:db8::7".into(), true, "shop.example:1".into()));
        assert_eq!(of("for=_hidden").0, "fd00::1");
        assert_eq!(of("for=unknown;host=a@b"), ("fd00::1".into(), false, "inside".into()));
    }

    #[test]
    fn fields_that_disagree_are_not_believed() {
        let both = [("x-forwarded-for", "1.2.3.4"), ("forwarded", "for=6.6.6.6")];
        assert_eq!(address_of(PROXY, &both), PROXY);
        let agree = [("x-forwarded-for", "6.6.6.6, 1.2.3.4"), ("forwarded", "for=1.2.3.4")];
        assert_eq!(address_of(PROXY, &agree), "1.2.3.4");
        let scheme = [("x-forwarded-proto", "http"), ("forwarded", "proto=https")];
        assert!(!identified(PROXY, &scheme).1);
    }
}
