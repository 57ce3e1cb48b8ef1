//! Failures of a call, in the words a Node developer knows: a code and a message.

use std::{error::Error, io, net::IpAddr};

use lambkin_runtime::CompletionError;
use rustls::CertificateError;

use super::connector::ConnectError;

type ClientError = hyper_util::client::legacy::Error;

/// The address that was refused, if that is why there is no connection.
pub(crate) fn closed(error: &ClientError) -> Option<IpAddr> {
    match found::<ConnectError>(error) {
        Some(ConnectError::Closed { address, .. }) => Some(*address),
        _ => None,
    }
}

/// Why a request has no answer.
pub(crate) fn of_request(error: &ClientError, host: &str) -> CompletionError {
    match found::<ConnectError>(error) {
        Some(error) => of_connection(error),
        None => of_exchange(error, host),
    }
}

/// Why a body has no end.
pub(crate) fn of_body(error: &hyper::Error) -> CompletionError {
    of_exchange(error, "the other side")
}

fn of_connection(error: &ConnectError) -> CompletionError {
    let code = match error {
        ConnectError::NotFound { .. } => "ENOTFOUND",
        ConnectError::Closed { .. } => "EACCES",
        ConnectError::TimedOut { .. } => "ETIMEDOUT",
        ConnectError::Io { error, .. } => code_of(error),
        ConnectError::Tls { error, host } => return of_tls(error, host),
        ConnectError::Proxy { .. } => "ECONNREFUSED",
    };
    let mut told = CompletionError::new(code, error.to_string());
    match error {
        ConnectError::NotFound { host } => {
            told.syscall = Some("getaddrinfo");
            told.hostname = Some(host.clone());
        }
        // Node's own wording, which has the code where the system has a sentence.
        ConnectError::Io { target, .. } => {
            told.message = format!("connect {code} {target}");
            told.syscall = Some("connect");
        }
        ConnectError::TimedOut { .. } => told.syscall = Some("connect"),
        _ => {}
    }
    told
}

fn of_tls(error: &io::Error, host: &str) -> CompletionError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (code, message) = match inner {
        Some(rustls::Error::InvalidCertificate(why)) => match why {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                ("CERT_HAS_EXPIRED", "certificate has expired".to_owned())
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                let message = format!(
                    "Hostname/IP does not match certificate's altnames: Host: {host}. is not in the cert's altnames"
                );
                ("ERR_TLS_CERT_ALTNAME_INVALID", message)
            }
            CertificateError::UnknownIssuer => {
                ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate".to_owned())
            }
            other => ("ERR_TLS_CERT", format!("the certificate of {host} is not valid: {other:?}")),
        },
        Some(other) => ("EPROTO", format!("TLS with {host} failed: {other}")),
        None if is_reset(error) => (
            "ECONNRESET",
            "Client network socket disconnected before secure TLS connection was established".to_owned(),
        ),
        None => ("EPROTO", format!("TLS with {host} failed: {error}")),
    };
    CompletionError::new(code, message)
}

fn of_exchange(error: &(dyn Error + 'static), host: &str) -> CompletionError {
    if let Some(error) = found::<io::Error>(error) {
        return match is_reset(error) {
            true => CompletionError::new("ECONNRESET", "socket hang up"),
            false => CompletionError::new(code_of(error), format!("{host}: {error}")),
        };
    }
    match found::<hyper::Error>(error) {
        Some(error) if error.is_parse_too_large() => {
            CompletionError::new("HPE_HEADER_OVERFLOW", "Parse Error: Header overflow")
        }
        Some(error) if error.is_parse() => {
            CompletionError::new("HPE_INVALID_CONSTANT", format!("Parse Error: {error}"))
        }
        Some(error) if error.is_incomplete_message() || error.is_canceled() || error.is_closed() => {
            CompletionError::new("ECONNRESET", "socket hang up")
        }
        _ => CompletionError::new("EPROTO", format!("{host}: {}", deepest(error))),
    }
}

fn is_reset(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::BrokenPipe
            | Kind::UnexpectedEof
            | Kind::NotConnected
    )
}

fn code_of(error: &io::Error) -> &'static str {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::ConnectionRefused => "ECONNREFUSED",
        Kind::HostUnreachable => "EHOSTUNREACH",
        Kind::NetworkUnreachable => "ENETUNREACH",
        Kind::TimedOut => "ETIMEDOUT",
        Kind::AddrNotAvailable => "EADDRNOTAVAIL",
        Kind::PermissionDenied => "EACCES",
        _ if is_reset(error) => "ECONNRESET",
        _ => "EIO",
    }
}

/// The first error of a kind in a chain of causes.
fn found<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|error| error.downcast_ref::<E>())
}

fn deepest<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    causes(error).last().unwrap_or(error)
}

/// An error and its causes.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}
